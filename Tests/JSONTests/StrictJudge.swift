/// Says whether bytes are JSON in the sense of RFC 8259; written apart from the module so that both can be compared.
struct StrictJudge {
    private let bytes: [UInt8]
    private var at = 0

    /// Whether the bytes are one JSON value, in valid UTF-8, with surrogates in pairs.
    static func accepts(_ bytes: [UInt8]) -> Bool {
        guard String(validating: bytes, as: UTF8.self) != nil else { return false }
        var judge = StrictJudge(bytes: bytes)
        guard judge.value() else { return false }
        judge.space()
        return judge.at == bytes.count
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func take(_ expected: String) -> Bool {
        guard bytes[at...].starts(with: expected.utf8) else { return false }
        at += expected.utf8.count
        return true
    }

    private mutating func takeOne(of set: String) -> Bool {
        guard at < bytes.count, set.utf8.contains(bytes[at]) else { return false }
        at += 1
        return true
    }

    private mutating func space() {
        while takeOne(of: " \t\n\r") {}
    }

    private mutating func value() -> Bool {
        space()
        if take("{") { return list(until: "}") { $0.member() } }
        if take("[") { return list(until: "]") { $0.value() } }
        if take("\"") { return string() }
        return take("true") || take("false") || take("null") || number()
    }

    private mutating func list(until end: String, _ item: (inout StrictJudge) -> Bool) -> Bool {
        space()
        if take(end) { return true }
        repeat {
            guard item(&self) else { return false }
            space()
        } while take(",")
        return take(end)
    }

    private mutating func member() -> Bool {
        space()
        guard take("\""), string() else { return false }
        space()
        return take(":") && value()
    }

    private mutating func string() -> Bool {
        while at < bytes.count {
            if take("\"") { return true }
            if take("\\") {
                if takeOne(of: "\"\\/bfnrt") { continue }
                guard take("u"), let first = unit() else { return false }
                if (0xDC00...0xDFFF).contains(first) { return false }
                if (0xD800...0xDBFF).contains(first) {
                    guard take("\\u"), let second = unit(), (0xDC00...0xDFFF).contains(second) else { return false }
                }
            } else {
                guard bytes[at] >= 0x20 else { return false }
                at += 1
            }
        }
        return false
    }

    private mutating func unit() -> Int? {
        guard at + 4 <= bytes.count else { return nil }
        let digits = bytes[at..<at + 4]
        guard digits.allSatisfy({ "0123456789abcdefABCDEF".utf8.contains($0) }) else { return nil }
        at += 4
        return Int(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    private mutating func number() -> Bool {
        _ = take("-")
        if !take("0") {
            guard takeOne(of: "123456789") else { return false }
            while takeOne(of: "0123456789") {}
        }
        if take(".") {
            guard takeOne(of: "0123456789") else { return false }
            while takeOne(of: "0123456789") {}
        }
        if takeOne(of: "eE") {
            _ = takeOne(of: "+-")
            guard takeOne(of: "0123456789") else { return false }
            while takeOne(of: "0123456789") {}
        }
        return true
    }
}
