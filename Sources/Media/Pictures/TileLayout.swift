/// How a large picture is divided: levels that halve until one tile holds all, each in squares from the upper left.
package struct TileLayout: Sendable, Equatable {
    /// One size of the picture.
    package struct Level: Sendable, Equatable {
        /// In pixels.
        package let width: Int
        package let height: Int
        /// Tiles from left to right and from top to bottom; the last ones may be smaller than the others.
        package let columns: Int
        package let rows: Int
    }

    /// The side of a tile in pixels.
    package static let side = 512

    /// From this many pixels on a picture is shown by tiles: above it, browsers take long to decode it and much memory
    /// to keep it.
    package static let threshold = 30_000_000

    /// From the smallest, which is one tile, to the picture itself.
    package let levels: [Level]

    /// Divides a picture of that many pixels; each level has half the sides of the next, rounded up.
    package init(width: Int, height: Int) {
        var levels: [Level] = []
        var (width, height) = (max(width, 1), max(height, 1))
        while true {
            levels.append(
                Level(
                    width: width, height: height, columns: (width + Self.side - 1) / Self.side,
                    rows: (height + Self.side - 1) / Self.side))
            if width <= Self.side && height <= Self.side { break }
            (width, height) = ((width + 1) / 2, (height + 1) / 2)
        }
        self.levels = levels.reversed()
    }

    /// Whether a picture is large enough for tiles.
    package static func isNeeded(width: Int, height: Int) -> Bool { width * height > threshold }

    /// How many tiles there are on all levels.
    package var count: Int { levels.reduce(0) { $0 + $1.columns * $1.rows } }

    /// The place of a tile among all: level by level, row by row; nil if there is no such tile.
    package func index(level: Int, column: Int, row: Int) -> Int? {
        guard levels.indices.contains(level), (0..<levels[level].columns).contains(column),
            (0..<levels[level].rows).contains(row)
        else { return nil }
        let before = levels[..<level].reduce(0) { $0 + $1.columns * $1.rows }
        return before + row * levels[level].columns + column
    }
}
