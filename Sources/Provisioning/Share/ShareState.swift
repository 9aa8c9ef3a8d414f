/// What a process knows of one export, whatever names and options it is talked to with.
final class ShareState: Sendable {
    let folder = SingleFlight<ControllerFolder>()
    let archiveNames = ArchiveNameReservations()
    let index = RecordIndex()
    let reserve = RoomReserve()
}
