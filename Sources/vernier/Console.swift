import Foundation

/// What the program says to whoever started it, at once and not when a buffer is full.
enum Console {
    /// A line on standard output, for people and programs.
    static func say(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    /// A line on standard error, for people alone.
    static func tell(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}

/// The lines of a file of any size, a piece at a time.
struct LineReader: Sequence, IteratorProtocol {
    private let file: FileHandle
    private var rest = Data()
    private var isAtEnd = false

    init(_ file: FileHandle) {
        self.file = file
    }

    mutating func next() -> String? {
        while true {
            if let end = rest.firstIndex(of: 0x0A) {
                let line = String(decoding: rest[rest.startIndex..<end], as: UTF8.self)
                rest = rest[rest.index(after: end)...]
                return line
            }
            guard !isAtEnd else {
                guard !rest.isEmpty else { return nil }
                defer { rest = Data() }
                return String(decoding: rest, as: UTF8.self)
            }
            // A read that fails ends the input, as the end of a pipe does.
            guard let piece = try? file.read(upToCount: 1 << 16), !piece.isEmpty else {
                isAtEnd = true
                continue
            }
            rest = rest + piece
        }
    }
}
