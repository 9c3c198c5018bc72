import Glibc
import NIOCore
import NIOPosix

/// A JPEG of the most common kind that is whole, as far as can be told without decoding it.
///
/// Its markers are walked from the first to the last (ITU-T T.81, annex B): one frame of the baseline or extended
/// process with 8 bits, one scan of all its components, every table that they name, and coded data without a gap up to
/// the mark of the end. What is odd in any way is not plain, and is left to the decoder to judge.
package struct PlainJPEG: Equatable {
    /// As stored, in pixels.
    package let width: Int
    /// As stored, in pixels.
    package let height: Int
    /// 1 for grey, 3 for colour.
    package let components: Int
    /// As in EXIF.
    package let orientation: Int

    /// The largest file that is walked over, in bytes: one made of nothing but markers takes a second or two then, and
    /// pictures that are shown without tiles stay far below.
    package static let largest = 64 << 20

    /// Makes one from what its head says.
    package init(width: Int, height: Int, components: Int, orientation: Int) {
        self.width = width
        self.height = height
        self.components = components
        self.orientation = orientation
    }

    /// Walks over the file at a path; nil if it is not such a picture, or not all of it.
    ///
    /// - Throws: ``ObjectStoreError`` if the file cannot be read.
    package static func read(_ path: String) throws -> PlainJPEG? {
        var bytes = FileBytes(file: try File(path, O_RDONLY))
        return try read(&bytes)
    }

    /// Walks over a file; nil if it is not such a picture, or not all of it.
    ///
    /// - Throws: ``ObjectStoreError`` if the file cannot be read.
    static func read(_ bytes: inout FileBytes) throws -> PlainJPEG? {
        guard try bytes.byte(at: 0) == 0xFF, try bytes.byte(at: 1) == 0xD8 else { return nil }
        var place = 2
        var head = Head()
        while let marker = try bytes.marker(at: &place) {
            guard let length = try bytes.number(at: place, length: 2, isLittle: false), length >= 2 else { return nil }
            let part = (place + 2)..<(place + length)
            place += length
            if marker == 0xDA { return try head.picture(scan: part, &bytes) }
            guard try head.take(marker, part, &bytes) else { return nil }
        }
        return nil
    }
}

/// What stood before the coded data.
private struct Head {
    private struct Component {
        let name: UInt8
        let across: Int
        let down: Int
        let quantisation: Int
    }

    private var frame: (width: Int, height: Int, components: [Component])?
    private var quantisations: Set<Int> = []
    /// Of brightness steps (0) and of waves (1), by number.
    private var codes: [Set<Int>] = [[], []]
    /// Units between two restarts; 0 for none.
    private var interval = 0
    private var orientation: Int?
    private var hasProfile = false

    /// Takes the content of a segment in; false if the picture is not plain.
    mutating func take(_ marker: UInt8, _ part: Range<Int>, _ bytes: inout FileBytes) throws -> Bool {
        switch marker {
        case 0xC0, 0xC1: try takeFrame(part, &bytes)
        case 0xC4: try takeCodes(part, &bytes)
        case 0xDB: try takeQuantisations(part, &bytes)
        case 0xDD: try takeInterval(part, &bytes)
        case 0xE1: try takeExif(part, &bytes)
        case 0xE2: try takeProfile(part, &bytes)
        // Other programs' remarks.
        case 0xE0, 0xE3...0xEF, 0xFE: true
        default: false
        }
    }

    // MARK: Tables

    private mutating func takeFrame(_ part: Range<Int>, _ bytes: inout FileBytes) throws -> Bool {
        guard frame == nil, let content = try bytes.content(part), content.count >= 6 else { return false }
        let (height, width) = (Int(content[1]) << 8 | Int(content[2]), Int(content[3]) << 8 | Int(content[4]))
        let count = Int(content[5])
        // A height of zero is told behind the scan only.
        guard content[0] == 8, width > 0, height > 0, count == 1 || count == 3, content.count == 6 + 3 * count else {
            return false
        }
        let components = (0..<count).map { number in
            let place = 6 + 3 * number
            return Component(
                name: content[place], across: Int(content[place + 1] >> 4), down: Int(content[place + 1] & 15),
                quantisation: Int(content[place + 2]))
        }
        let (across, down) = (components.map(\.across).max() ?? 1, components.map(\.down).max() ?? 1)
        // Decoders stretch by whole numbers only, and keep ten blocks of a unit.
        let areFine = components.allSatisfy {
            (1...4).contains($0.across) && (1...4).contains($0.down) && across % $0.across == 0 && down % $0.down == 0
        }
        guard areFine, Set(components.map(\.name)).count == count,
            count == 1 || components.reduce(0, { $0 + $1.across * $1.down }) <= 10
        else { return false }
        frame = (width, height, components)
        return true
    }

    private mutating func takeCodes(_ part: Range<Int>, _ bytes: inout FileBytes) throws -> Bool {
        guard let content = try bytes.content(part) else { return false }
        var rest = content[...]
        while !rest.isEmpty {
            guard rest.count >= 17, let head = rest.first, head >> 4 <= 1, head & 15 <= 3 else { return false }
            let counts = rest.dropFirst().prefix(16).map { Int($0) }
            let total = counts.reduce(0, +)
            // Shorter codes must leave room for longer ones, and none is all ones.
            var code = 0
            for (length, count) in counts.enumerated() {
                code += count
                guard code < 1 << (length + 1) else { return false }
                code <<= 1
            }
            let symbols = rest.dropFirst(17).prefix(total)
            guard total > 0, symbols.count == total, head >> 4 == 1 || symbols.allSatisfy({ $0 <= 15 }) else {
                return false
            }
            codes[Int(head >> 4)].insert(Int(head & 15))
            rest = rest.dropFirst(17 + total)
        }
        return true
    }

    private mutating func takeQuantisations(_ part: Range<Int>, _ bytes: inout FileBytes) throws -> Bool {
        guard let content = try bytes.content(part) else { return false }
        var rest = content[...]
        while let head = rest.first {
            let length = head >> 4 == 0 ? 64 : 128
            guard head >> 4 <= 1, head & 15 <= 3, rest.count > length else { return false }
            quantisations.insert(Int(head & 15))
            rest = rest.dropFirst(1 + length)
        }
        return true
    }

    private mutating func takeInterval(_ part: Range<Int>, _ bytes: inout FileBytes) throws -> Bool {
        guard part.count == 2, let value = try bytes.number(at: part.lowerBound, length: 2, isLittle: false) else {
            return false
        }
        interval = value
        return true
    }

    // MARK: What others wrote

    /// EXIF 2.32, 4.5.4 and 4.6: a TIFF directory, of which only the orientation is of use.
    private mutating func takeExif(_ part: Range<Int>, _ bytes: inout FileBytes) throws -> Bool {
        guard let name = try bytes.content(part.prefix(6)), name == Array("Exif\0\0".utf8) else { return true }
        guard orientation == nil, part.count >= 14 else { return false }
        let start = part.lowerBound + 6
        let isLittle = try bytes.byte(at: start) == UInt8(ascii: "I")
        func number(_ place: Int, _ length: Int) throws -> Int? {
            guard place >= 0, start + place + length <= part.upperBound else { return nil }
            return try bytes.number(at: start + place, length: length, isLittle: isLittle)
        }
        guard try number(2, 2) == 42, let directory = try number(4, 4), let count = try number(directory, 2) else {
            return false
        }
        var found = 1
        for entry in 0..<count {
            let place = directory + 2 + 12 * entry
            guard let tag = try number(place, 2) else { return false }
            guard tag == 0x0112 else { continue }
            // One number of two bytes.
            guard try number(place + 2, 2) == 3, try number(place + 4, 4) == 1, let value = try number(place + 8, 2),
                (1...8).contains(value)
            else { return false }
            found = value
        }
        orientation = found
        return true
    }

    /// ICC.1, B.4: a profile in one piece that names sRGB changes nothing; others want a copy to show.
    private mutating func takeProfile(_ part: Range<Int>, _ bytes: inout FileBytes) throws -> Bool {
        guard let name = try bytes.content(part.prefix(14)), name.starts(with: Array("ICC_PROFILE\0".utf8)) else {
            return true
        }
        guard !hasProfile, name.count == 14, name[12] == 1, name[13] == 1,
            let profile = try bytes.content(part.dropFirst(14))
        else { return false }
        hasProfile = true
        return profile.contains(Array("sRGB".utf8)) || profile.contains(Array("s\0R\0G\0B".utf8))
    }

    // MARK: The scan

    /// Follows the coded data to its end.
    func picture(scan part: Range<Int>, _ bytes: inout FileBytes) throws -> PlainJPEG? {
        guard let frame, let content = try bytes.content(part), let count = content.first.map({ Int($0) }),
            count == frame.components.count, content.count == 4 + 2 * count,
            Array(content.suffix(3)) == [0, 63, 0]
        else { return nil }
        for (number, component) in frame.components.enumerated() {
            let tables = content[2 + 2 * number]
            guard content[1 + 2 * number] == component.name, quantisations.contains(component.quantisation),
                codes[0].contains(Int(tables >> 4)), codes[1].contains(Int(tables & 15))
            else { return nil }
        }
        guard let data = try bytes.codedData(from: part.upperBound), data.marker == 0xD9 else { return nil }
        let (units, blocks) = Self.units(of: frame)
        guard data.restarts == (interval == 0 ? 0 : (units + interval - 1) / interval - 1),
            // The shortest block has one bit for its brightness and one for its end.
            data.length >= units * blocks / 4
        else { return nil }
        return PlainJPEG(
            width: frame.width, height: frame.height, components: count, orientation: orientation ?? 1)
    }

    /// How many units the coded data have, and of how many blocks each is (A.2).
    private static func units(
        of frame: (width: Int, height: Int, components: [Component])
    ) -> (units: Int, blocks: Int) {
        let isSingle = frame.components.count == 1
        let across = isSingle ? 1 : frame.components.map(\.across).max() ?? 1
        let down = isSingle ? 1 : frame.components.map(\.down).max() ?? 1
        let units = ((frame.width + 8 * across - 1) / (8 * across)) * ((frame.height + 8 * down - 1) / (8 * down))
        return (units, isSingle ? 1 : frame.components.reduce(0) { $0 + $1.across * $1.down })
    }
}

extension FileBytes {
    /// The next marker, and the place behind it; nil if there is none here.
    fileprivate mutating func marker(at place: inout Int) throws -> UInt8? {
        guard try byte(at: place) == 0xFF else { return nil }
        // Any number of these may stand before a marker.
        while try byte(at: place) == 0xFF { place += 1 }
        defer { place += 1 }
        return try byte(at: place)
    }

    /// Some bytes in a row; nil if the file ends before.
    fileprivate mutating func content(_ range: Range<Int>) throws -> [UInt8]? {
        var content: [UInt8] = []
        content.reserveCapacity(range.count)
        for place in range {
            guard let byte = try byte(at: place) else { return nil }
            content.append(byte)
        }
        return content
    }

    /// Coded data from a place on: how many bytes and restarts they have and which marker ends them; nil without one, or
    /// if the restarts are not in order.
    fileprivate mutating func codedData(from start: Int) throws -> (length: Int, restarts: Int, marker: UInt8)? {
        var place = start
        var restarts = 0
        while true {
            guard let found = try self.place(of: 0xFF, from: place), let next = try byte(at: found + 1) else {
                return nil
            }
            switch next {
            // A byte of the data that looks like the start of a marker.
            case 0x00: place = found + 2
            case 0xD0...0xD7:
                guard Int(next & 7) == restarts & 7 else { return nil }
                restarts += 1
                place = found + 2
            case 0xFF: place = found + 1
            default: return (found - start, restarts, next)
            }
        }
    }
}

extension Pictures {
    /// Reads what a JPEG is, and that it is whole, without decoding it; nil where only decoding can tell.
    ///
    /// Such a picture is one that browsers show as it is.
    ///
    /// - Throws: ``PictureError`` if the picture is too large, ``ObjectStoreError`` if the file cannot be read.
    package func readPlain(_ path: String) async throws -> PictureInfo? {
        // Not on the threads that decode: a look takes a moment, and others wait for it.
        try await NIOThreadPool.singleton.run { [limits] in
            let stored = try StoredPicture(path, limits: limits)
            var bytes = FileBytes(file: stored.file)
            guard stored.format == "image/jpeg", try stored.file.size() <= PlainJPEG.largest,
                let picture = try PlainJPEG.read(&bytes)
            else { return nil }
            let header = PictureHeader(
                width: picture.width, height: picture.height, orientation: picture.orientation,
                bands: picture.components)
            return try stored.info(header, limits: limits)
        }
    }
}
