package import JSON

/// One thing that differs between two versions of parameters.
package struct ParamsDifference: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case added, removed, changed
    }

    /// Where, such as `geometries.box.objects_to_annotate[car]`.
    package let path: String
    package let kind: Kind
    /// In JSON; nil for what was added.
    package let before: String?
    /// In JSON; nil for what was removed.
    package let after: String?
}

/// Finds what differs between two versions of parameters.
///
/// Lists whose elements have names, such as labels, are compared by name: a label that moved or was added in front does
/// not make all others look different.
package struct ParamsDifferences {
    private var found: [ParamsDifference] = []
    /// The most differences that are told; nobody reads more.
    private static let most = 1000

    private init() {}

    /// The differences, in the order of the older version and with what is new behind.
    package static func between(_ before: JSONValue, _ after: JSONValue) -> [ParamsDifference] {
        var differences = Self()
        differences.compare(before, after, at: JSONPath(""))
        return differences.found
    }

    private mutating func add(
        _ kind: ParamsDifference.Kind, _ path: JSONPath, _ before: JSONValue?, _ after: JSONValue?
    ) {
        guard found.count < Self.most else { return }
        found.append(
            ParamsDifference(path: path.text, kind: kind, before: before?.rawText, after: after?.rawText))
    }

    private mutating func compare(_ before: JSONValue, _ after: JSONValue, at path: JSONPath) {
        if before.isObject, after.isObject {
            compareMembers(before, after, at: path)
        } else if before.isArray, after.isArray {
            if let old = NamedElements(before), let new = NamedElements(after) {
                compareNamed(old, new, before, after, at: path)
            } else {
                compareElements(before, after, at: path)
            }
        } else if !before.isEqual(to: after) {
            add(.changed, path, before, after)
        }
    }

    private mutating func compareMembers(_ before: JSONValue, _ after: JSONValue, at path: JSONPath) {
        for member in before.members {
            let place = path.appending(key: member.name)
            if let other = after[member.name] {
                compare(member.value, other, at: place)
            } else {
                add(.removed, place, member.value, nil)
            }
        }
        for member in after.members where before[member.name] == nil {
            add(.added, path.appending(key: member.name), nil, member.value)
        }
    }

    private mutating func compareNamed(
        _ old: NamedElements, _ new: NamedElements, _ before: JSONValue, _ after: JSONValue, at path: JSONPath
    ) {
        let count = found.count
        for name in old.names {
            let place = path.appending(name: name)
            guard let element = old.elements[name] else { continue }
            if let other = new.elements[name] {
                compare(element, other, at: place)
            } else {
                add(.removed, place, element, nil)
            }
        }
        for name in new.names where old.elements[name] == nil {
            add(.added, path.appending(name: name), nil, new.elements[name])
        }
        // The same elements in another order: what people are shown changes, so it is told.
        if found.count == count, old.names != new.names { add(.changed, path, before, after) }
    }

    private mutating func compareElements(_ before: JSONValue, _ after: JSONValue, at path: JSONPath) {
        let old = Array(before.elements)
        let new = Array(after.elements)
        for index in 0..<max(old.count, new.count) {
            let place = path.appending(index: index)
            switch (index < old.count, index < new.count) {
            case (true, true): compare(old[index], new[index], at: place)
            case (true, false): add(.removed, place, old[index], nil)
            default: add(.added, place, nil, new[index])
            }
        }
    }
}

/// The elements of a list by name; nil where not every one has a name of its own.
private struct NamedElements {
    /// Members that name what they stand in, the most telling first.
    private static let members = ["choice", "label", "field_id", "name", "id", "key", "value"]

    var names: [String] = []
    var elements: [String: JSONValue] = [:]

    init?(_ array: JSONValue) {
        for element in array.elements {
            guard let name = Self.name(of: element), elements.updateValue(element, forKey: name) == nil else {
                return nil
            }
            names.append(name)
        }
    }

    private static func name(of element: JSONValue) -> String? {
        if let text = element.string { return text }
        guard element.isObject else { return nil }
        return members.lazy.compactMap { element[$0]?.string }.first
    }
}

extension JSONPath {
    fileprivate func appending(key: String) -> JSONPath {
        var path = self
        path.append(key: key)
        return path
    }

    fileprivate func appending(index: Int) -> JSONPath {
        JSONPath(text + "[\(index)]")
    }

    fileprivate func appending(name: String) -> JSONPath {
        JSONPath(text + "[\(name.prefix(60))]")
    }
}
