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
