/// What libnfs calls back on: it only decodes and settles promises, for a callback must never queue another call.
final class ReplyBox {
    let receive: (_ status: Int32, _ data: UnsafeMutableRawPointer?) -> Void

    init(receive: @escaping (_ status: Int32, _ data: UnsafeMutableRawPointer?) -> Void) {
        self.receive = receive
    }
}
