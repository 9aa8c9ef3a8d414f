import HTTPTypes
import Hummingbird
import NIOCore

/// The answers that ``ReportRoutes`` gives.
enum ReportAnswer {
    static func html(_ status: HTTPResponse.Status, _ document: [UInt8]) -> Response {
        answer(status, ByteBuffer(bytes: document), type: "text/html; charset=utf-8")
    }

    static func text(
        _ status: HTTPResponse.Status,
        _ text: String,
        type: String = "text/plain; charset=utf-8"
    ) -> Response {
        answer(status, ByteBuffer(string: text), type: type)
    }

    /// Sends a browser back to the page, wherever a proxy may have it.
    static func back(setting cookie: Cookie) -> Response {
        var response = Response(status: .seeOther, headers: [.location: "./"])
        response.setCookie(cookie)
        return response
    }

    private static func answer(_ status: HTTPResponse.Status, _ body: ByteBuffer, type: String) -> Response {
        var headers: HTTPFields = [.contentType: type]
        if status == .unauthorized { headers[.wwwAuthenticate] = "Bearer realm=\"sb-nfs-provisioner\"" }
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: body))
    }
}
