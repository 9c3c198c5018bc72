import Foundation
import NIOCore

/// A line of a stream.
struct StreamLine: Sendable {
    /// From 1.
    let number: Int

    /// Without its end; nil if it is too long to be looked at.
    let bytes: ByteBuffer?

    /// Where the next line begins, in bytes from the beginning of the stream.
    let end: Int64
}

/// Cuts pieces of a stream into lines, of which it keeps the last unfinished one.
struct LineSplitter {
    /// The longest line, in bytes; as long as the body of a request for one task.
    static let longest = 10 << 20

    /// How many lines there were so far, empty ones too, and where the next one begins.
    private(set) var number: Int
    private(set) var offset: Int64
    private var rest = ByteBuffer()
    private var isTooLong = false

    /// - Parameters:
    ///   - lines: How many lines came before.
    ///   - offset: How many bytes these had.
    init(lines: Int, offset: Int64) {
        number = lines
        self.offset = offset
    }

    /// The lines that end in a piece.
    mutating func lines(of piece: ByteBuffer) -> [StreamLine] {
        if rest.readableBytes == 0 {
            rest = piece
        } else {
            var piece = piece
            rest.writeBuffer(&piece)
        }
        var lines: [StreamLine] = []
        while let length = rest.lengthOfLine {
            lines += end(rest.readSlice(length: length), ending: 1)
            rest.moveReaderIndex(forwardBy: 1)
        }
        if rest.readableBytes > Self.longest {
            isTooLong = true
            offset += Int64(rest.readableBytes)
            rest = ByteBuffer()
        } else {
            // A copy, so that the little that is left does not keep the piece in memory, nor is copied with it.
            rest = ByteBuffer(bytes: rest.readableBytesView)
        }
        return lines
    }

    /// The last line, if the stream does not end with a line feed.
    mutating func last() -> [StreamLine] {
        rest.readableBytes > 0 || isTooLong ? end(rest.readSlice(length: rest.readableBytes), ending: 0) : []
    }

    private mutating func end(_ line: ByteBuffer?, ending: Int64) -> [StreamLine] {
        number += 1
        let begin = offset
        offset += Int64(line?.readableBytes ?? 0) + ending
        defer { isTooLong = false }
        guard !isTooLong, var line, line.readableBytes <= Self.longest else {
            return [StreamLine(number: number, bytes: nil, end: offset)]
        }
        // Programs for spreadsheets begin a text with a mark that is no part of it.
        if begin == 0, line.readableBytesView.starts(with: [0xEF, 0xBB, 0xBF]) { line.moveReaderIndex(forwardBy: 3) }
        // An empty line says nothing; the next one's end covers it.
        guard line.readableBytesView.contains(where: { $0 > 0x20 }) else { return [] }
        return [StreamLine(number: number, bytes: line, end: offset)]
    }
}

extension ByteBuffer {
    /// The number of bytes before the next line feed; nil if there is none.
    fileprivate var lengthOfLine: Int? {
        withUnsafeReadableBytes { bytes in
            guard let start = bytes.baseAddress, let found = memchr(start, 0x0A, bytes.count) else { return nil }
            return UnsafeRawPointer(found) - start
        }
    }
}

/// The lines of a stream, some at a time.
struct LinePortions<Bytes: AsyncSequence> where Bytes.Element == ByteBuffer {
    /// Lines, and bytes, of a portion; a piece may bring more.
    private static var mostLines: Int { LineImport.portion }
    private static var mostBytes: Int { 1 << 20 }

    private var pieces: Bytes.AsyncIterator
    private(set) var splitter: LineSplitter
    private var waiting: [StreamLine] = []
    private var isAtEnd = false

    init(_ bytes: Bytes, _ splitter: LineSplitter) {
        pieces = bytes.makeAsyncIterator()
        self.splitter = splitter
    }

    /// The next lines; nil at the end.
    mutating func next() async throws -> [StreamLine]? {
        while !isAtEnd, waiting.count < Self.mostLines, size < Self.mostBytes {
            if let piece = try await piece() {
                waiting += splitter.lines(of: piece)
            } else {
                waiting += splitter.last()
                isAtEnd = true
            }
        }
        guard !waiting.isEmpty else { return nil }
        let portion = Array(waiting.prefix(Self.mostLines))
        waiting.removeFirst(portion.count)
        return portion
    }

    private mutating func piece() async throws -> ByteBuffer? {
        do {
            return try await pieces.next()
        } catch let error as CancellationError {
            throw error
        } catch {
            throw StreamBrokenOff(reason: "\(error)")
        }
    }

    private var size: Int { waiting.reduce(0) { $0 + ($1.bytes?.readableBytes ?? 0) } }
}

/// The lines ended before their end, because their sender or the way to it is gone.
package struct StreamBrokenOff: Error {
    /// What the connection said, for the log.
    package let reason: String
}
