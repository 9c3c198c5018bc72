/// What is wrong, in sentences: the first ones, and how many there are beyond.
package struct FaultList: Sendable {
    package private(set) var told: [String] = []
    package private(set) var more = 0

    package init() {}

    package var isEmpty: Bool { told.isEmpty }

    /// The sentences, a line each.
    package var text: String { told.joined(separator: "\n") + (more > 0 ? "\n… and \(more) more." : "") }

    private static let most = 50

    mutating func note(_ fault: String) {
        if told.count < Self.most { told.append(fault) } else { more += 1 }
    }
}
