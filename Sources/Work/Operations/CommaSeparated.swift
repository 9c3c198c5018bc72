package import NIOCore

extension ByteBuffer {
    /// Writes one line of comma-separated values (RFC 4180); what is missing is an empty value.
    ///
    /// By bytes: a file of very many lines, each with whole documents in it, is written as fast as the disk takes it.
    package mutating func writeCommaSeparated(_ values: [String?]) {
        var isFirst = true
        for value in values {
            if !isFirst { writeInteger(UInt8(ascii: ",")) }
            isFirst = false
            guard var value else { continue }
            value.withUTF8 { writeValue($0) }
        }
        writeString("\r\n")
    }

    /// Writes a value, in quotes where it holds what parts values, and with each quote in it doubled.
    private mutating func writeValue(_ text: UnsafeBufferPointer<UInt8>) {
        let quote = UInt8(ascii: "\"")
        let isPlain = text.allSatisfy { $0 != UInt8(ascii: ",") && $0 != quote && $0 != 0x0A && $0 != 0x0D }
        guard !isPlain else {
            writeBytes(text)
            return
        }
        writeInteger(quote)
        var start = text.startIndex
        while let end = text[start...].firstIndex(of: quote) {
            writeBytes(text[start...end])
            writeInteger(quote)
            start = end + 1
        }
        writeBytes(text[start...])
        writeInteger(quote)
    }
}
