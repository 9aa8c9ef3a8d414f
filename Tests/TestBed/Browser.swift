import AsyncHTTPClient
import Foundation
import Kubernetes
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

/// A headless Chromium, driven as W3C WebDriver says (https://www.w3.org/TR/webdriver2/). It ends with this object, and
/// with the test process however that ends.
package final class Browser: Sendable {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    private let driver: DriverProcess
    private let session: String

    /// Runs `body` with a browser of its own.
    package static func run(_ body: (Browser) async throws -> Void) async throws {
        let driver = try DriverProcess()
        let browser = try await Browser(driver)
        let result: Result<Void, any Error>
        do { result = .success(try await body(browser)) } catch { result = .failure(error) }
        _ = try? await browser.send(.DELETE, "")
        try result.get()
    }

    private init(_ driver: DriverProcess) async throws {
        // Over a pipe it ends with its driver. The sandbox wants a user other than root.
        // Without motion an element stays where it was found.
        let arguments: JSONValue = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
            "--force-prefers-reduced-motion",
        ]
        let capabilities: JSONValue = [
            "alwaysMatch": [
                "acceptInsecureCerts": true,
                "goog:loggingPrefs": ["browser": "ALL"],
                "goog:chromeOptions": ["binary": "/usr/bin/chromium", "args": arguments],
            ]
        ]
        let answer = try await Self.send(.POST, driver.address + "/session", ["capabilities": capabilities])
        guard case .object(let fields) = answer, case .string(let session)? = fields["sessionId"] else {
            throw Failure(description: "chromedriver gives no session: \(answer)")
        }
        (self.driver, self.session) = (driver, session)
    }

    /// Opens a page, and waits until it is loaded.
    package func open(_ url: String) async throws {
        _ = try await send(.POST, "/url", ["url": .string(url)])
    }

    /// What a function body in JavaScript returns.
    package func run(_ script: String, _ arguments: [JSONValue] = []) async throws -> JSONValue {
        try await send(.POST, "/execute/sync", ["script": .string(script), "args": .array(arguments)])
    }

    /// The texts of all elements that a CSS selector finds, as they are in the document.
    package func texts(_ selector: String) async throws -> [String] {
        let script = "return [...document.querySelectorAll(arguments[0])].map(element => element.textContent)"
        guard case .array(let texts) = try await run(script, [.string(selector)]) else { return [] }
        return texts.map { if case .string(let text) = $0 { text } else { "" } }
    }

    /// Clicks on the first element that a CSS selector finds, as a mouse does.
    package func click(_ selector: String) async throws {
        _ = try await send(.POST, "/element/\(element(selector))/click", [:])
    }

    /// Types into the first element that a CSS selector finds.
    package func type(_ text: String, into selector: String) async throws {
        _ = try await send(.POST, "/element/\(element(selector))/value", ["text": .string(text)])
    }

    /// The cookies of the page, as the driver tells them.
    package func cookies() async throws -> [JSONValue] {
        guard case .array(let cookies) = try await send(.GET, "/cookie") else { return [] }
        return cookies
    }

    /// What the page complained of in the console since the last time, also of what its policy forbade.
    package func complaints() async throws -> [String] {
        guard case .array(let entries) = try await send(.POST, "/se/log", ["type": "browser"]) else { return [] }
        return entries.map { entry in
            guard case .object(let fields) = entry, case .string(let message)? = fields["message"] else {
                return "\(entry)"
            }
            return message
        }
    }

    /// Takes the window's size in CSS pixels, also narrower than a window can be, and the colours that are preferred.
    package func show(width: Int, height: Int, isDark: Bool = false) async throws {
        let metrics: JSONValue = [
            "width": .integer(Int64(width)), "height": .integer(Int64(height)), "deviceScaleFactor": 1,
            "mobile": .bool(width < 600),
        ]
        try await command("Emulation.setDeviceMetricsOverride", metrics)
        let scheme: JSONValue = ["name": "prefers-color-scheme", "value": .string(isDark ? "dark" : "light")]
        try await command("Emulation.setEmulatedMedia", ["features": [scheme]])
    }

    /// Turns scripts of pages off or on, from the next page.
    package func setScripts(_ isOn: Bool) async throws {
        try await command("Emulation.setScriptExecutionDisabled", ["value": .bool(!isOn)])
    }

    /// A PNG of what is seen.
    package func screenshot() async throws -> Data {
        guard case .string(let text) = try await send(.GET, "/screenshot"), let data = Data(base64Encoded: text) else {
            throw Failure(description: "the browser gives no screenshot")
        }
        return data
    }

    private func command(_ name: String, _ parameters: JSONValue) async throws {
        _ = try await send(.POST, "/goog/cdp/execute", ["cmd": .string(name), "params": parameters])
    }

    private func element(_ selector: String) async throws -> String {
        let found = try await send(.POST, "/element", ["using": "css selector", "value": .string(selector)])
        guard case .object(let fields) = found, case .string(let id)? = fields.values.first else {
            throw Failure(description: "no element \(selector)")
        }
        return id
    }

    private func send(_ method: HTTPMethod, _ path: String, _ body: JSONValue? = nil) async throws -> JSONValue {
        try await Self.send(method, "\(driver.address)/session/\(session)\(path)", body)
    }

    private static func send(_ method: HTTPMethod, _ url: String, _ body: JSONValue?) async throws -> JSONValue {
        var request = HTTPClientRequest(url: url)
        request.method = method
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(data: try JSONEncoder().encode(body)))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let bytes = try await response.body.collect(upTo: 64 << 20)
        let answer = try JSONDecoder().decode([String: JSONValue].self, from: bytes)["value"] ?? .null
        guard response.status == .ok else { throw Failure(description: "\(method) \(url): \(answer)") }
        return answer
    }
}
