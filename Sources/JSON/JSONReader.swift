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
    /// - Parameter complaint: The rest of the sentence without the full stop, such as `must be a string`.
    package func report(_ value: JSONValue, _ complaint: String) {
        // Finding a path takes time, which those that are not kept must not cost.
        guard issues.count < Self.mostIssues else { return }
        report(path: value.path, complaint)
    }

    /// Reports a fault of a member of a value, which may be absent.
    package func report(_ value: JSONValue, member: String, _ complaint: String) {
        guard issues.count < Self.mostIssues else { return }
        var path = JSONPath(value.path)
        path.append(key: member)
        report(path: path.text, complaint)
    }

    /// Reports a fault at a path.
    package func report(path: String, _ complaint: String) {
        let whole = prefix.isEmpty ? path : path.isEmpty ? prefix : prefix + (path.hasPrefix("[") ? "" : ".") + path
        add(Issue(path: whole, message: whole.isEmpty ? "The body \(complaint)." : "`\(whole)` \(complaint)."))
    }

    /// Adds an issue as it is, for messages that are fixed to the letter.
    package func add(_ issue: Issue) {
        guard issues.count < Self.mostIssues else { return }
        issues.append(issue)
    }

    /// Has the stored text say `json` where this value stands, such as a number for a numeric string.
    package func replace(_ value: JSONValue, with json: String) {
        let start = Int(value.tape.pointee.offsets[value.index])
        replacements.append((start..<start + value.raw.count, json))
    }

    /// Has the stored text carry further members at the end of an object; at most once an object.
    ///
    /// - Parameter members: JSON members without the braces, such as `"a":1,"b":2`.
    package func insert(_ members: String, into object: JSONValue) {
        let end = Int(object.tape.pointee.offsets[object.index]) + object.raw.count - 1
        let isEmpty = object.members.first(where: { _ in true }) == nil
        replacements.append((end..<end, isEmpty ? members : "," + members))
    }

    /// The source text of the document with all replacements made.
    ///
    /// - Parameter root: The root value of the document that was read with this reader.
    package func normalized(_ root: JSONValue) -> String {
        guard !replacements.isEmpty else { return root.rawText }
        let source = root.tape.pointee.source
        var result: [UInt8] = []
        var at = Int(root.tape.pointee.offsets[root.index])
        let end = at + root.raw.count
        for (range, text) in replacements.sorted(by: { $0.range.lowerBound < $1.range.lowerBound })
        where range.lowerBound >= at {
            result.append(contentsOf: source[at..<range.lowerBound])
            result.append(contentsOf: text.utf8)
            at = range.upperBound
        }
        result.append(contentsOf: source[at..<end])
        return String(decoding: result, as: UTF8.self)
    }

    /// Throws what was collected, if anything.
    package func finish() throws(Issues) {
        guard issues.isEmpty else { throw Issues(issues) }
    }
}

/// An object being read: hands out the values of declared fields and remembers which members were asked for.
package struct ObjectReader {
    /// The object itself.
    package let object: JSONValue
    /// Where issues go.
    package let reader: JSONReader
    private var cursor: Int
    private(set) var found = 0

    package init(_ object: JSONValue, _ reader: JSONReader) {
        self.object = object
        self.reader = reader
        cursor = object.index + 1
    }

    /// The value of an optional field; nil when it is absent, null or wrong (then reported).
    @inline(__always)
    package mutating func callAsFunction<Value>(_ field: OptionalField<Value>) -> Value? {
        guard let value = member(field.name), !value.isNull else { return nil }
        return field.schema.read(value, reader)
    }

    /// The value of a field with a default, which also stands in for a wrong value (then reported).
    @inline(__always)
    package mutating func callAsFunction<Value>(_ field: Field<Value>) -> Value {
        guard let value = member(field.name), !value.isNull else { return field.absent }
        return field.schema.read(value, reader) ?? field.absent
    }

    /// The value of a required field; nil when it is absent or wrong, in any case reported.
    @inline(__always)
    package mutating func callAsFunction<Value>(_ field: RequiredField<Value>) -> Value? {
        guard let value = member(field.name), !value.isNull else {
            if let message = field.missing {
                var path = JSONPath(object.path)
                path.append(key: field.name.text)
                reader.add(Issue(path: path.text, message: message))
            } else {
                reader.report(object, member: field.name.text, "is required")
            }
            return nil
        }
        return field.schema.read(value, reader)
    }

    /// The raw member of this name, counted as known.
    package mutating func member(_ name: FieldName) -> JSONValue? {
        let value = name.withUTF8 { JSONValue.member($0, in: object, cursor: &cursor) }
        if value != nil { found += 1 }
        return value
    }

    /// Reports members that are not among `fields`, when there are any.
    func refuseUnknown(_ fields: [any FieldDeclaration]) {
        guard object.members.reduce(0, { count, _ in count + 1 }) != found else { return }
        for member in object.members {
            let name = member.name
            guard !fields.contains(where: { $0.name.text == name }) else { continue }
            reader.report(object.path.isEmpty ? object : object, "has the unknown key \(JSONWriter.quoted(name))")
        }
    }
}
