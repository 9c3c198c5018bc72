/// Texts from strangers, made fit to be shown.
package enum SafeText {
    /// The largest text in bytes.
    package static let sizeLimit = 20 << 20

    /// A plain text without marks of byte order and without characters that steer a terminal or turn the order of what
    /// stands around them; ends of lines are made one kind.
    ///
    /// - Throws: ``PictureError`` with `unsupported` if it is not in UTF-8.
    package static func plain(_ bytes: [UInt8]) throws -> String {
        var text = ""
        text.reserveCapacity(bytes.count)
        var last: Unicode.Scalar?
        for scalar in try scalars(bytes, "text") {
            defer { last = scalar }
            switch scalar {
            case "\r": text.unicodeScalars.append("\n")
            case "\n": if last != "\r" { text.unicodeScalars.append(scalar) }
            default: if !isSteering(scalar) { text.unicodeScalars.append(scalar) }
            }
        }
        return text
    }

    /// A page of HTML with nothing left but structure and words.
    ///
    /// A few elements stay, with attributes that neither run anything nor point anywhere; all else goes, of scripts,
    /// styles and embedded things the content too. What is left is written anew and well-formed, so that no reader can
    /// understand it in another way.
    ///
    /// - Throws: ``PictureError`` with `unsupported` if it is not in UTF-8.
    package static func html(_ bytes: [UInt8]) throws -> String {
        var writer = SafeHTMLWriter()
        var reader = HTMLReader(try scalars(bytes, "HTML").filter { !isSteering($0) })
        while let piece = reader.next() { writer.write(piece) }
        return "<!doctype html><meta charset=\"utf-8\"><title>Document</title>" + writer.finish()
    }

    private static func scalars(_ bytes: [UInt8], _ kind: String) throws -> [Unicode.Scalar] {
        guard bytes.count <= sizeLimit else {
            throw PictureError(.tooLarge, "The \(kind) is larger than the limit of \(sizeLimit) bytes.")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw PictureError(.unsupported, "The \(kind) is not in UTF-8.")
        }
        return Array(text.unicodeScalars)
    }

    /// Controls but tabs and ends of lines, marks of byte order, and what overrides the direction of text.
    private static func isSteering(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D: false
        case 0x00...0x1F, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF, 0xFFF9...0xFFFB: true
        default: false
        }
    }
}

/// Writes the permitted part of a page, every element closed.
private struct SafeHTMLWriter {
    private var text = ""
    private var open: [String] = []
    private static let deepest = 200

    /// Elements of structure and words.
    private static let elements: Set = [
        "a", "abbr", "address", "article", "aside", "b", "bdi", "blockquote", "br", "caption", "cite", "code", "col",
        "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "footer", "h1",
        "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "ins", "kbd", "li", "main", "mark", "nav", "ol", "p", "pre",
        "q", "rp", "rt", "ruby", "s", "samp", "section", "small", "span", "strong", "sub", "summary", "sup", "table",
        "tbody", "td", "tfoot", "th", "thead", "time", "tr", "u", "ul", "var", "wbr",
    ]
    private static let empty: Set = ["br", "col", "hr", "wbr"]
    private static let attributes: Set = [
        "colspan", "datetime", "dir", "headers", "lang", "reversed", "rowspan", "scope", "span", "start", "title",
    ]

    mutating func write(_ piece: HTMLReader.Piece) {
        switch piece {
        case .text(let words): append(words)
        case .start(let name, let attributes):
            guard Self.elements.contains(name), open.count < Self.deepest else { return }
            text += "<" + name
            for (key, value) in attributes where Self.attributes.contains(key) {
                text += " \(key)=\""
                append(value)
                text += "\""
            }
            text += ">"
            if !Self.empty.contains(name) { open.append(name) }
        case .end(let name):
            guard open.contains(name) else { return }
            while let last = open.popLast() {
                text += "</\(last)>"
                if last == name { break }
            }
        }
    }

    mutating func finish() -> String {
        while let last = open.popLast() { text += "</\(last)>" }
        return text
    }

    /// Writes words; references to characters stay, everything else that could be read as markup is escaped.
    private mutating func append(_ words: ArraySlice<Unicode.Scalar>) {
        for index in words.indices {
            switch words[index] {
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "'": text += "&#39;"
            case "&": text += isReference(words[words.index(after: index)...]) ? "&" : "&amp;"
            default: text.unicodeScalars.append(words[index])
            }
        }
    }

    /// Whether what follows a `&` is the name or number of a character, with its end.
    private func isReference(_ rest: ArraySlice<Unicode.Scalar>) -> Bool {
        let name = rest.prefix(32).prefix { $0 != ";" }
        guard !name.isEmpty, name.count < rest.count, name.count < 32 else { return false }
        return name.enumerated().allSatisfy { index, scalar in
            scalar.properties.isAlphabetic && scalar.isASCII || ("0"..."9").contains(scalar)
                || scalar == "#" && index == 0
        }
    }
}

/// Takes a page apart in the way of browsers, as far as it matters for what is left out.
private struct HTMLReader {
    enum Piece {
        case text(ArraySlice<Unicode.Scalar>)
        case start(name: String, attributes: [(key: String, value: ArraySlice<Unicode.Scalar>)])
        case end(name: String)
    }

    /// Elements whose content goes with them.
    private static let dropped: Set = [
        "applet", "audio", "canvas", "frameset", "iframe", "math", "noembed", "noframes", "noscript",
        "object", "picture", "plaintext", "script", "select", "style", "svg", "template", "textarea", "title",
        "video", "xmp",
    ]

    private let scalars: [Unicode.Scalar]
    private var place = 0
    private static let mostAttributes = 100

    init(_ scalars: [Unicode.Scalar]) {
        self.scalars = scalars
    }

    private func at(_ index: Int) -> Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    mutating func next() -> Piece? {
        while place < scalars.count {
            guard scalars[place] == "<" else { return .text(take { $0 != "<" }) }
            let second = at(place + 1)
            if second == "!" || second == "?" {
                skipDeclaration()
            } else if second == "/", Self.isLetter(at(place + 2)) {
                place += 2
                let (name, _) = tag()
                return .end(name: name)
            } else if Self.isLetter(second) {
                place += 1
                let (name, attributes) = tag()
                guard Self.dropped.contains(name) else { return .start(name: name, attributes: attributes) }
                skipContent(of: name)
            } else {
                place += 1
                return .text(scalars[place - 1..<place])
            }
        }
        return nil
    }

    private mutating func take(while isPart: (Unicode.Scalar) -> Bool) -> ArraySlice<Unicode.Scalar> {
        let start = place
        while let scalar = at(place), isPart(scalar) { place += 1 }
        return scalars[start..<place]
    }

    private mutating func tag() -> (String, [(key: String, value: ArraySlice<Unicode.Scalar>)]) {
        let name = Self.lowercased(take { !Self.isSpace($0) && $0 != ">" && $0 != "/" })
        var attributes: [(key: String, value: ArraySlice<Unicode.Scalar>)] = []
        while let scalar = at(place) {
            if scalar == ">" {
                place += 1
                break
            }
            if Self.isSpace(scalar) || scalar == "/" {
                place += 1
                continue
            }
            // An equals sign in front belongs to the name.
            let start = place
            place += 1
            _ = take { !Self.isSpace($0) && $0 != ">" && $0 != "/" && $0 != "=" }
            let key = Self.lowercased(scalars[start..<place])
            _ = take(while: Self.isSpace)
            var value = scalars[place..<place]
            if at(place) == "=" {
                place += 1
                _ = take(while: Self.isSpace)
                value = attributeValue()
            }
            if attributes.count < Self.mostAttributes, !attributes.contains(where: { $0.key == key }) {
                attributes.append((key, value))
            }
        }
        return (name, attributes)
    }

    private mutating func attributeValue() -> ArraySlice<Unicode.Scalar> {
        guard let quote = at(place), quote == "\"" || quote == "'" else {
            return take { !Self.isSpace($0) && $0 != ">" }
        }
        place += 1
        let value = take { $0 != quote }
        place += 1
        return value
    }

    private mutating func skipDeclaration() {
        guard at(place + 2) == "-", at(place + 3) == "-" else {
            _ = take { $0 != ">" }
            place += 1
            return
        }
        place += 4
        // Both are read as an empty comment.
        if at(place) == ">" || at(place) == "-" && at(place + 1) == ">" {
            _ = take { $0 != ">" }
            place += 1
            return
        }
        while place < scalars.count {
            let isEnd = scalars[place] == ">" && scalars[place - 1] == "-" && scalars[place - 2] == "-"
            place += 1
            if isEnd { return }
        }
    }

    /// Passes by what stands in an element, to its end mark or the end of the page.
    private mutating func skipContent(of name: String) {
        let wanted = Array(name.unicodeScalars)
        while place < scalars.count {
            if scalars[place] == "<", at(place + 1) == "/", place + 2 + wanted.count <= scalars.count,
                Self.lowercased(scalars[place + 2..<place + 2 + wanted.count]) == name,
                at(place + 2 + wanted.count).map({ Self.isSpace($0) || $0 == ">" || $0 == "/" }) ?? true
            {
                place += 2
                _ = tag()
                return
            }
            place += 1
        }
    }

    private static func lowercased(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var text = ""
        for scalar in scalars.prefix(64) {
            // Of ASCII only: other letters have lower-case forms in it that browsers do not take for it.
            if ("A"..."Z").contains(scalar), let lower = Unicode.Scalar(scalar.value + 32) {
                text.unicodeScalars.append(lower)
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool { " \t\n\r\u{0C}".unicodeScalars.contains(scalar) }

    private static func isLetter(_ scalar: Unicode.Scalar?) -> Bool {
        scalar.map { ("a"..."z").contains($0) || ("A"..."Z").contains($0) } ?? false
    }
}
