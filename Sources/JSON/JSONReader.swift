/// One thing a client got wrong.
package struct Issue: Error, Equatable, Hashable, Sendable {
    /// Where, such as `geometries.box.min_height`; empty for the whole body.
    package var path: String
    /// A sentence that names the place and the remedy.
    package var message: String

    package init(path: String, message: String) {
        self.path = path
        self.message = message
    }
}

/// Everything a client got wrong in one request.
package struct Issues: Error, Equatable, Sendable {
    /// The issues in the order found, at most a hundred from one reader.
    package var all: [Issue]

    package init(_ all: [Issue]) {
        self.all = all
    }

    package init(_ path: String, _ message: String) {
        all = [Issue(path: path, message: message)]
    }
}

/// Collects what is wrong while typed values are read, so that a client learns all of it at once.
///
/// A class, since nested reading closures share one list.
@usableFromInline
package final class JSONReader {
    package private(set) var issues: [Issue] = []
    /// Put before every path, for values that stand inside something larger, such as `hypothesis`.
    private let prefix: String
    private var replacements: [(range: Range<Int>, text: String)] = []
    /// A hostile body must not make a megabyte of complaints.
    private static let mostIssues = 100

    package init(prefix: String = "") {
        self.prefix = prefix
    }

    /// Reports a fault of a value: the sentence is its path in back-quotes followed by `complaint`.
    ///
    /// The complaint is the rest of the sentence without the full stop, such as `must be a string`.
    @usableFromInline
    package func report(_ value: JSONValue, _ complaint: String) {
        // Looking up a path takes time, of which a hostile body must not get much.
        guard !isFull else { return }
        report(path: value.path, complaint)
    }

    /// Reports a fault of a member of a value, which may be absent.
    package func report(_ value: JSONValue, member: String, _ complaint: String) {
        guard !isFull else { return }
        var path = JSONPath(value.path)
        path.append(key: member)
        report(path: path.text, complaint)
    }

    /// Reports a fault at a path.
    package func report(path: String, _ complaint: String) {
        let path = below(path)
        add(Issue(path: path, message: Self.sentence(path, complaint)))
    }

    /// Reports a member that nobody declared: the issue stands at the member, the sentence names the object.
    func report(unknown name: String, of object: JSONValue) {
        guard !isFull else { return }
        let path = below(object.path)
        var member = JSONPath(path)
        member.append(key: name)
        let complaint = "has the unknown key \(JSONWriter.quoted(JSONPath.shortened(name)))"
        add(Issue(path: member.text, message: Self.sentence(path, complaint)))
    }

    /// Adds an issue as it is, for messages that are fixed to the letter.
    package func add(_ issue: Issue) {
        guard !isFull else { return }
        issues.append(issue)
    }

    private var isFull: Bool { issues.count >= Self.mostIssues }

    private func below(_ path: String) -> String {
        if prefix.isEmpty || path.isEmpty { return prefix + path }
        return prefix + (path.hasPrefix("[") ? "" : ".") + path
    }

    private static func sentence(_ path: String, _ complaint: String) -> String {
        (path.isEmpty ? "The body" : "`\(path)`") + " \(complaint)."
    }

    /// Has the stored text say `json` where this value stands, such as a number for a numeric string.
    package func replace(_ value: JSONValue, with json: String) {
        replacements.append((value.sourceRange, json))
    }

    /// Has the stored text carry further members at the end of an object; at most once an object.
    ///
    /// - Parameters:
    ///   - members: JSON members without the braces, such as `"a":1,"b":2`.
    ///   - object: The object that gets them.
    package func insert(_ members: String, into object: JSONValue) {
        let end = object.sourceRange.upperBound - 1
        let isEmpty = object.members.first(where: { _ in true }) == nil
        replacements.append((end..<end, isEmpty ? members : "," + members))
    }

    /// The source text of a value with all replacements made.
    ///
    /// The value, commonly the root, is of the document that was read with this reader.
    package func normalized(_ value: JSONValue) -> String {
        guard !replacements.isEmpty else { return value.rawText }
        let source = value.tape.pointee.source
        let range = value.sourceRange
        var result: [UInt8] = []
        var at = range.lowerBound
        for (replaced, text) in replacements.sorted(by: { $0.range.lowerBound < $1.range.lowerBound })
        where replaced.lowerBound >= at && replaced.upperBound <= range.upperBound {
            result.append(contentsOf: source[at..<replaced.lowerBound])
            result.append(contentsOf: text.utf8)
            at = replaced.upperBound
        }
        result.append(contentsOf: source[at..<range.upperBound])
        return String(decoding: result, as: UTF8.self)
    }

    /// Throws what was collected, if anything.
    package func finish() throws(Issues) {
        guard issues.isEmpty else { throw Issues(issues) }
    }
}
