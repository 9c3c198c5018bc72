extension JSONValue {
    /// Where this value stands below the root, such as `geometries.box.objects_to_annotate[1]`; empty for the root.
    ///
    /// Found by searching down from the root, so that reading pays nothing for paths that no issue needs.
    package var path: String {
        var path = JSONPath()
        var container = JSONValue(tape: tape, index: 1)
        while container.index != index {
            if container.isObject {
                guard let member = container.members.first(where: { index < $0.value.next }) else { break }
                path.append(key: member.name)
                if index <= member.keyIndex { break }
                container = member.value
            } else if container.isArray {
                guard let (at, element) = container.elements.enumerated().first(where: { index < $0.element.next })
                else { break }
                path.append(index: at)
                container = element
            } else {
                break
            }
        }
        return path.text
    }
}

/// A path in the notation of our messages: members with dots, elements with brackets.
package struct JSONPath: Sendable, Equatable {
    package private(set) var text: String

    package init(_ text: String = "") {
        self.text = text
    }

    /// Goes to a member; names that are not plain words are quoted in brackets.
    package mutating func append(key: String) {
        let plain = key.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
        }
        if plain && !key.isEmpty {
            text += text.isEmpty ? key : "." + key
        } else {
            text += "[" + JSONWriter.quoted(Self.shortened(key)) + "]"
        }
    }

    /// Goes to an element.
    package mutating func append(index: Int) {
        text += "[\(index)]"
    }

    /// The beginning of a name, as much as a message should repeat.
    static func shortened(_ name: String) -> String {
        name.count > 60 ? String(name.prefix(60)) + "…" : name
    }
}
