import NFS

/// What makes a history differ from the one in which each operation runs to its end after the other.
package struct Schedule: Hashable, Sendable, CustomStringConvertible {
    package struct Deviation: Hashable, Sendable {
        /// Before which call it happens; the first call is 0.
        package var step: Int
        package var event: Event

        package init(_ event: Event, before step: Int) {
            self.step = step
            self.event = event
        }
    }

    /// By step.
    package var deviations: [Deviation]

    package init(_ deviations: [Deviation] = []) {
        self.deviations = deviations
    }

    /// As `2>1 7!0`: it can be given to ``Schedule/init(_:)-swift.type.method`` again.
    package var description: String {
        deviations.map { "\($0.step)\($0.event)" }.joined(separator: " ")
    }

    /// Reads what ``description`` wrote.
    package init?(parsing text: String) {
        deviations = []
        for word in text.split(separator: " ") {
            let digits = word.prefix { $0.isNumber }
            guard let step = Int(digits), let event = Event(parsing: String(word.dropFirst(digits.count))) else {
                return nil
            }
            deviations.append(Deviation(event, before: step))
        }
    }
}

/// What a schedule may ask for before a call.
package enum Event: Hashable, Sendable {
    /// Another operation goes on.
    case turn(operation: Int)
    /// A process ends; `answered`: the server carries out what is on its way from it.
    case crash(process: Int, answered: Bool)
    case fault(Fault)
    /// The scenario's deed of that number.
    case deed(Int)

    package var isTurn: Bool { if case .turn = self { true } else { false } }
}

extension Event: CustomStringConvertible {
    package var description: String {
        switch self {
        case .turn(let operation): ">\(operation)"
        case .crash(let process, answered: false): "!\(process)"
        case .crash(let process, answered: true): "!!\(process)"
        case .fault(let fault): "~\(fault.rawValue)"
        case .deed(let deed): "@\(deed)"
        }
    }

    init?(parsing text: String) {
        let rest = String(text.drop { !$0.isNumber && !$0.isLetter })
        let mark = text.dropLast(rest.count)
        switch (mark, Int(rest), Fault(rawValue: rest)) {
        case (">", let number?, _): self = .turn(operation: number)
        case ("!", let number?, _): self = .crash(process: number, answered: false)
        case ("!!", let number?, _): self = .crash(process: number, answered: true)
        case ("@", let number?, _): self = .deed(number)
        case ("~", _, let fault?): self = .fault(fault)
        default: return nil
        }
    }
}

/// What may go wrong with a server.
package enum Fault: String, CaseIterable, Hashable, Sendable {
    /// The next calls are answered NFS3ERR_STALE.
    case stale
    /// The next call is answered NFS3ERR_STALE, and none after it.
    case staleOnce
    /// The next change is made, and its answer is lost.
    case lostAnswer
    /// The next change is made, and asked for again on the way: the second answer is the one that arrives.
    case retransmission
    /// There is no room from now on; removing works.
    case full
    /// The quota is used up in the same way.
    case quota
    /// Another, empty share is exported in the place of this one.
    case otherShare
    /// All files have other numbers and handles.
    case renumbered
    /// The file system has another id, and handles stay valid.
    case otherFileSystemID
}
