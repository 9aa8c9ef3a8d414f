import Foundation
import Kubernetes
import Provisioning
import TestBed
import Testing

@Suite("Metrics, scraped from the program")
struct MetricsTests {
    @Test("Claims, hooks, archives and purges are counted as they happen (L4), and promtool finds no fault")
    func values() async throws {
        try await Scenario.run { scenario in
            let flag = scenario.otherShare.appending(path: "backup-works")
            let (standard, short) = (scenario.className("standard"), scenario.className("short"))
            let configuration = try scenario.configuration(
                """
                retention:
                  interval: 1s
                  default: {keepFor: forever}
                  rules:
                    - classes: [\(short)]
                      keepFor: 0s
                hooks:
                  - name: check
                    phase: beforeArchive
                    exec: {command: [test, -e, "\(flag.path())"]}
                """
            )
            let controller = try scenario.startController(configuration: configuration)
            let export = "\(scenario.bed.nfsServer):\(scenario.share.path())"
            let hook = #"hook="check",phase="beforeArchive",kind="exec""#
            try await controller.expect(#"sb_nfs_hook_runs_total{\#(hook),outcome="failed"}"#, is: 0)
            try await controller.expect("sb_nfs_leader", is: 1)
            try await controller.expect(#"sb_nfs_export_up{export="\#(export)"}"#, is: 1)
            let room = try await controller.scrape()
            #expect(room[#"sb_nfs_export_round_trip_seconds_count{export="\#(export)"}"#] ?? 0 >= 1)
            let size = try #require(room[#"sb_nfs_export_size_bytes{export="\#(export)"}"#])
            #expect(try #require(room[#"sb_nfs_export_free_bytes{export="\#(export)"}"#]) <= size)

            try await scenario.createClass()
            try await controller.expect(
                #"controller_persistentvolumeclaim_provision_failed_total{class="\#(standard)",source=""}"#,
                is: 0
            )
            try await scenario.createClaim("data")
            let volume = try await scenario.boundVolume(of: "data")
            let labels = #"{class="\#(standard)",source=""}"#
            let place = #"{class="\#(standard)",namespace="\#(scenario.namespace)"}"#
            try await controller.expect("controller_persistentvolumeclaim_provision_total" + labels, is: 1)
            try await controller.expect("sb_nfs_volume_requested_bytes" + place, is: 1_073_741_824)
            let provisioned = try await controller.scrape()
            #expect(provisioned["controller_persistentvolumeclaim_provision_failed_total" + labels] == 0)
            #expect(provisioned["controller_persistentvolumeclaim_provision_duration_seconds_count" + labels] == 1)
            #expect(provisioned["sb_nfs_volumes" + place] == 1)
            #expect(try #require(provisioned[#"sb_nfs_queue_adds_total{queue="claim"}"#]) >= 1)
            #expect(try #require(provisioned[#"sb_nfs_api_requests_total{verb="POST",code="201"}"#]) >= 1)

            try await scenario.createClaim("block") { $0.spec?.volumeMode = .block }
            try await controller.expect(
                "controller_persistentvolumeclaim_provision_failed_total" + labels,
                "1 or more"
            ) { $0 >= 1 }

            try await scenario.deleteClaim("data")
            try await controller.expect(#"sb_nfs_hook_runs_total{\#(hook),outcome="failed"}"#, "1 or more") { $0 >= 1 }
            let deleted = #"{class="\#(standard)"}"#
            try await controller.expect("controller_persistentvolume_delete_failed_total" + deleted, "1 or more") {
                $0 >= 1
            }
            try await controller.expect(#"sb_nfs_queue_retries_total{queue="volume"}"#, "1 or more") { $0 >= 1 }
            #expect(try await controller.scrape()["controller_persistentvolume_delete_total" + deleted] == 0)

            let before = Date().timeIntervalSince1970.rounded(.down)
            try scenario.write("", to: flag)
            try await scenario.expectGone(volume)
            try await controller.expect("controller_persistentvolume_delete_total" + deleted, is: 1)
            try await controller.expect(#"sb_nfs_archives{export="\#(export)",state="archived"}"#, is: 1)
            let archived = try await controller.scrape()
            #expect(archived[#"sb_nfs_hook_runs_total{\#(hook),outcome="succeeded"}"#] == 1)
            #expect(try #require(archived["sb_nfs_hook_duration_seconds_count{\(hook)}"]) >= 2)
            #expect(archived[#"sb_nfs_released_directories_total{outcome="archived"}"#] == 1)
            #expect(archived[#"sb_nfs_archives{export="\#(export)",state="intent"}"#] == 0)
            #expect(archived[#"sb_nfs_archives_without_backup{export="\#(export)"}"#] == 0)
            let backup = archived[
                #"sb_nfs_last_successful_backup_timestamp_seconds{namespace="\#(scenario.namespace)"}"#
            ]
            #expect(try #require(backup) >= before)

            try await scenario.createClass("short")
            try await scenario.createClaim("brief", class: "short")
            let brief = try await scenario.boundVolume(of: "brief")
            try await scenario.deleteClaim("brief")
            try await scenario.expectGone(brief)
            try await controller.expect(#"sb_nfs_archive_purges_total{export="\#(export)"}"#, is: 1)
            try await controller.expect(#"sb_nfs_archives{export="\#(export)",state="purged"}"#, is: 1)
            let purged = try await controller.scrape()
            #expect(purged[#"sb_nfs_archive_purge_failures_total{export="\#(export)"}"#] == 0)
            #expect(purged[#"sb_nfs_archives_due_for_purge{export="\#(export)"}"#] == 0)
            #expect(try await purged.complaints() == "")
            #expect(purged.families == Dictionary(try MetricsPage.rows().map { ($0.name, $0.type) }) { one, _ in one })
            withExtendedLifetime(controller) {}
        }
    }

    @Test("L4: a standby has all metrics too, and reports nothing that only the leader knows")
    func standingBy() async throws {
        try await Scenario.run { scenario in
            let first = try scenario.startController()
            try await first.expect("sb_nfs_leader", is: 1)
            try await scenario.createClass()
            try await scenario.createClaim("data")
            _ = try await scenario.boundVolume(of: "data")
            let second = try scenario.startController()
            let place = #"{class="\#(scenario.className("standard"))",namespace="\#(scenario.namespace)"}"#
            try await second.expect("sb_nfs_volumes" + place, is: 1)
            try await second.expect("sb_nfs_leader", is: 0)
            let export = "\(scenario.bed.nfsServer):\(scenario.share.path())"
            try await second.expect(#"sb_nfs_export_up{export="\#(export)"}"#, is: 1)
            let series = #"sb_nfs_archives{export="\#(export)",state="archived"}"#
            try await first.expect(series, is: 0)
            let scrape = try await second.scrape()
            #expect(scrape[series] == nil)
            #expect(try await scrape.families == first.scrape().families)
            first.signal(SIGKILL)
            try await second.expect("sb_nfs_leader", is: 1)
            try await second.expect(series, is: 0)
            withExtendedLifetime(second) {}
        }
    }

    @Test("A hanging export affects only its own gauge; when it answers again it is up")
    func hangingExport() async throws {
        try await Scenario.run { scenario in
            let server = try await StoppableNFSServer()
            let controller = try scenario.startController()
            try await scenario.createClass()
            let own = StorageClass(
                metadata: ObjectMeta(name: scenario.className("own")),
                provisioner: scenario.provisioner,
                parameters: ["server": "127.0.0.1", "share": server.export.path()],
                reclaimPolicy: .delete,
                mountOptions: server.mountOptions,
                volumeBindingMode: .immediate
            )
            _ = try await scenario.admin.api().create(own)
            let up = #"sb_nfs_export_up{export="127.0.0.1:\#(server.export.path())"}"#
            let size = #"sb_nfs_export_size_bytes{export="127.0.0.1:\#(server.export.path())"}"#
            try await controller.expect(up, is: 1)
            #expect(try await controller.scrape()[size] != nil)
            server.pause()
            try await controller.expect(up, is: 0)
            let hung = try await controller.scrape()
            #expect(hung[size] == nil)
            #expect(hung[#"sb_nfs_export_up{export="\#(scenario.bed.nfsServer):\#(scenario.share.path())"}"#] == 1)
            try await scenario.createClaim("data")
            _ = try await scenario.boundVolume(of: "data")
            #expect(controller.isRunning && controller.log.contains("export does not answer"))
            #expect(try await controller.get("livez").status == "200")
            let ready = try await controller.get("readyz?verbose")
            #expect(ready.status == "200", "an export of others that answers is enough")
            let hanging = "[-]exports/127.0.0.1:\(server.export.path()) failed: "
            let answering = "[+]exports/\(scenario.bed.nfsServer):\(scenario.share.path()) ok\n"
            #expect(ready.body.contains(hanging) && ready.body.contains(answering), "\(ready.body)")
            #expect(ready.body.contains("[+]exports ok\nreadyz check passed\n"))
            server.resume()
            try await controller.expect(up, is: 1)
            #expect(try await controller.scrape()[size] != nil)
            withExtendedLifetime((controller, server)) {}
        }
    }
}
