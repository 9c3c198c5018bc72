package import JSON

/// What somebody has drawn or answered so far on a work item: collections of objects by key.
package struct Document: Sendable, Equatable {
    /// Whole objects as JSON text, by collection and key.
    package var collections: [String: [String: RawJSON]]
    /// Seconds that people have spent on the work item, where known; some answers report it.
    package var secondsSpent: Int?

    package init(_ collections: [String: [String: RawJSON]] = [:], secondsSpent: Int? = nil) {
        self.collections = collections
        self.secondsSpent = secondsSpent
    }

    /// All of it as one JSON object of collections; keys are sorted, so equal documents have equal texts.
    package var json: String {
        var writer = JSONWriter(capacity: 4096)
        writer.object { writer in
            for (name, objects) in collections.sorted(by: { $0.key < $1.key }) {
                writer.key(name)
                writer.object { writer in
                    for (key, object) in objects.sorted(by: { $0.key < $1.key }) {
                        writer.key(key)
                        writer.raw(object.text)
                    }
                }
            }
        }
        return writer.text
    }

    /// Reads what ``json`` writes.
    package init(_ value: JSONValue) {
        collections = [:]
        for collection in value.members {
            var objects: [String: RawJSON] = [:]
            for object in collection.value.members { objects[object.name] = RawJSON(object.value.rawText) }
            collections[collection.name] = objects
        }
    }

    /// Puts an object in, in place of one with the same key.
    mutating func set(_ collection: String, _ key: String, _ object: (inout JSONWriter) -> Void) {
        var writer = JSONWriter(capacity: 128)
        writer.object(object)
        collections[collection, default: [:]][key] = RawJSON(writer.text)
    }
}

/// One object of a document while a response is built.
struct DocumentObject {
    let key: String
    let value: JSONValue
}

/// A document open for reading while a response is built.
package struct OpenDocument {
    private let root: JSONValue
    let secondsSpent: Int?

    init(_ root: JSONValue, secondsSpent: Int?) {
        self.root = root
        self.secondsSpent = secondsSpent
    }

    /// The collection itself, an object of objects; nil when it is empty or absent.
    func collection(_ name: String) -> JSONValue? { root[name] }

    /// The objects of a collection by their `order`, then by key.
    func objects(_ collection: String, book: RuleBook = .all) -> [DocumentObject] {
        let objects = root[collection]?.members.map { DocumentObject(key: $0.name, value: $0.value) } ?? []
        guard book.contains(Self.ordering) else { return objects }
        return objects.map { (order: $0.value["order"]?.string ?? "", object: $0) }
            .sorted { a, b in
                a.order == b.order
                    ? a.object.key.utf8.lexicographicallyPrecedes(b.object.key.utf8)
                    : a.order.utf8.lexicographicallyPrecedes(b.order.utf8)
            }
            .map(\.object)
    }

    /// The name of the rule by which objects are ordered.
    static let ordering = "objects stand in their order, then by key"

    /// What is answered under a key, unless that says nothing.
    func answer(_ collection: String, _ key: String) -> JSONValue? {
        root[collection]?[key].flatMap(Self.unwrap)
    }

    /// The answer inside an object of a collection of answers.
    static func unwrap(_ object: JSONValue) -> JSONValue? {
        object["value"].flatMap { $0.isUnanswered ? nil : $0 }
    }
}

/// Keys that put objects in order as plain strings and always leave room between two of them.
package enum OrderKey {
    private static let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// The key of the object at a place when objects are put in one after the other.
    ///
    /// They run `a0`, `a1` to `az`, then `b00`, `b01` and so on. The first letter says how many digits to base 62 follow, so longer numbers sort behind shorter ones.
    package static func at(_ index: Int) -> String {
        var rest = max(0, index)
        var length = 1
        var capacity = digits.count
        while rest >= capacity, length < 10 {
            rest -= capacity
            capacity *= digits.count
            length += 1
        }
        var text: [UInt8] = []
        for _ in 0..<length {
            text.append(digits[rest % digits.count])
            rest /= digits.count
        }
        return String(decoding: [UInt8(ascii: "a") + UInt8(length - 1)] + text.reversed(), as: UTF8.self)
    }
}
