import JSON
import TestSupport

/// The fault of a text, nil when it is read.
func fault(of bytes: [UInt8], limits: JSONLimits = JSONLimits()) -> JSONFault? {
    do {
        try JSONDocument.read(bytes, limits: limits) { _ in }
        return nil
    } catch {
        return error as? JSONFault
    }
}

func fault(of text: String, limits: JSONLimits = JSONLimits()) -> JSONFault? {
    fault(of: Array(text.utf8), limits: limits)
}

/// Reads a text with a schema: the value, and the complaints as `path: message`.
func read<Value>(_ text: String, _ schema: Schema<Value>, prefix: String = "") throws -> (
    value: Value?, issues: [JSON.Issue]
) {
    try JSONDocument.read(text) { root in
        let reader = JSONReader(prefix: prefix)
        let value = schema(root, reader)
        return (value, reader.issues)
    }
}

/// Random JSON text and what was meant by it, with white space and escapes as only a generator would write them.
struct Rendered {
    /// The text without white space around it.
    var text: String
    var meaning: Meaning

    enum Meaning {
        case object([Member])
        case array([Rendered])
        case string(String)
        case scalar
    }

    struct Member {
        var key: String
        var value: Rendered
    }

    static func random(depth: Int, _ chance: inout SeededGenerator) -> Rendered {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 4), using: &chance) {
        case 0:
            return Rendered(text: ["true", "false", "null"].randomElement(using: &chance) ?? "null", meaning: .scalar)
        case 1:
            return Rendered(
                text: String(Int64.random(in: .min ... .max, using: &chance) >> Int.random(in: 0..<64, using: &chance)),
                meaning: .scalar)
        case 2: return Rendered(text: number(&chance), meaning: .scalar)
        case 3:
            let (text, meaning) = string(&chance)
            return Rendered(text: text, meaning: .string(meaning))
        case 4:
            let elements = (0..<Int.random(in: 0..<5, using: &chance)).map { _ in random(depth: depth - 1, &chance) }
            let inside = elements.map { space(&chance) + $0.text + space(&chance) }.joined(separator: ",")
            return Rendered(text: "[" + (elements.isEmpty ? space(&chance) : inside) + "]", meaning: .array(elements))
        default:
            var members: [Member] = []
            var inside: [String] = []
            for number in 0..<Int.random(in: 0..<(chance.once(in: 10) ? 40 : 6), using: &chance) {
                // The number keeps the names apart.
                let (text, meaning) = string(&chance, ending: number == 0 ? "" : "\(number)")
                let value = random(depth: depth - 1, &chance)
                members.append(Member(key: meaning, value: value))
                inside.append(
                    space(&chance) + text + space(&chance) + ":" + space(&chance) + value.text + space(&chance))
            }
            let text = inside.isEmpty ? space(&chance) : inside.joined(separator: ",")
            return Rendered(text: "{" + text + "}", meaning: .object(members))
        }
    }

    static func space(_ chance: inout SeededGenerator) -> String {
        guard chance.once(in: 3) else { return "" }
        return [" ", "\n", "\t", "\r\n", "  \t ", String(repeating: " ", count: 70)].randomElement(using: &chance) ?? ""
    }

    private static func number(_ chance: inout SeededGenerator) -> String {
        let whole = ["0", "-0", "7", "-31", "120045"].randomElement(using: &chance) ?? "0"
        let fraction = ["", ".0", ".5", ".000125", ".99999999999999999999"].randomElement(using: &chance) ?? ""
        let exponent = ["", "e3", "E-7", "e+12", "E0"].randomElement(using: &chance) ?? ""
        return whole + fraction + exponent
    }

    /// A string as it is written, and what it says.
    private static func string(_ chance: inout SeededGenerator, ending: String = "") -> (text: String, meaning: String)
    {
        let pieces = [
            ("a", "a"), ("name", "name"), (" ", " "), (#"\""#, "\""), (#"\\"#, "\\"), (#"\/"#, "/"), (#"\n"#, "\n"),
            (#"\u0041"#, "A"), (#"\ud83d\ude00"#, "😀"), ("😀", "😀"), (#"\u00e9"#, "é"), ("é", "é"), ("{", "{"),
            ("]", "]"), (",", ","), (":", ":"), (#"\\\""#, "\\\""), (#"\u0001"#, "\u{1}"), ("日本", "日本"),
            ("a somewhat longer piece of text", "a somewhat longer piece of text"),
        ]
        let chosen = (0..<Int.random(in: 0..<4, using: &chance)).compactMap { _ in pieces.randomElement(using: &chance)
        }
        return ("\"" + chosen.map(\.0).joined() + ending + "\"", chosen.map(\.1).joined() + ending)
    }
}
