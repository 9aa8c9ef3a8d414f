import ArgumentParser

@main
struct SBNFSProvisioner: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sb-nfs-provisioner",
        abstract: "Gives a Kubernetes cluster storage from NFS servers it already has.",
        version: Version.current,
        subcommands: [
            ControllerCommand.self, ReportCommand.self, ArchiveCommand.self, CopyCommand.self, RecoverCommand.self,
            AdoptCommand.self, DoctorCommand.self, ConfigCommand.self, VersionCommand.self, ExecGuardCommand.self,
        ],
        defaultSubcommand: ControllerCommand.self
    )
}
