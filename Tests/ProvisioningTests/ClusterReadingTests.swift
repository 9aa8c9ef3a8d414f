import Provisioning
import Testing

@Suite("Whose records count as the cluster's")
struct ClusterReadingTests {
    @Test("Without a cluster all do; a cluster without an identity has only records that name none")
    func isOurs() {
        #expect(ClusterReading.notAsked.isOurs("some") && ClusterReading.notAsked.isOurs(nil))
        let unnamed = ClusterSnapshot(id: nil, volumes: [], classes: [])
        for silent in [ClusterReading.failed(reason: "no answer"), .read(unnamed)] {
            #expect(!silent.isOurs("some") && silent.isOurs(nil))
        }
        let read = ClusterReading.read(ClusterSnapshot(id: "this", volumes: [], classes: []))
        #expect(read.isOurs("this") && read.isOurs(nil) && !read.isOurs("some"))
    }
}
