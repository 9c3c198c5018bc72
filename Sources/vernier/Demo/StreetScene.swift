/// A made-up street, drawn pixel by pixel, so that the demo has pictures without shipping any.
struct StreetScene {
    static let width = 1280
    static let height = 800
    private static let horizon = 430

    private typealias Colour = (red: UInt8, green: UInt8, blue: UInt8)
    private var random: SplitMix
    private var bytes = [UInt8](repeating: 0, count: width * height * 3)

    init(seed: UInt64) {
        random = SplitMix(state: seed)
    }

    /// The picture in rows of red, green and blue bytes.
    func pixels() -> [UInt8] {
        var scene = self
        scene.draw()
        return scene.bytes
    }

    private mutating func draw() {
        let isSunny = random.next(2) == 0
        sky(isSunny)
        for slot in 0..<4 { house(at: 40 + slot * 320 + random.next(60)) }
        for slot in 0..<3 { tree(at: 250 + slot * 330 + random.next(70)) }
        street()
        for _ in 0..<(2 + random.next(3)) { person(at: 60 + random.next(Self.width - 120)) }
        var x = 40 + random.next(120)
        while x < Self.width - 240 {
            if random.next(4) == 0 { truck(at: x) } else { car(at: x) }
            x += 280 + random.next(160)
        }
    }

    // MARK: Things

    private mutating func sky(_ isSunny: Bool) {
        for y in 0..<Self.height {
            let shade = UInt8(min(255, 150 + y / 5))
            let colour: Colour =
                isSunny ? (UInt8(min(255, 110 + y / 4)), UInt8(min(255, 170 + y / 7)), 245) : (shade, shade, shade)
            rectangle(0, y, Self.width, 1, colour)
        }
        if isSunny { disc(Self.width - 150, 100, 46, (255, 226, 120)) }
        for _ in 0..<(isSunny ? 3 : 8) {
            let (x, y) = (random.next(Self.width), 50 + random.next(150))
            for puff in 0..<4 { disc(x + puff * 28, y + puff % 2 * 10, 26, (244, 246, 250)) }
        }
    }

    private mutating func street() {
        rectangle(0, Self.horizon, Self.width, 80, (168, 172, 178))
        rectangle(0, Self.horizon + 80, Self.width, Self.height - Self.horizon - 80, (72, 76, 84))
        for x in stride(from: 20, to: Self.width, by: 130) { rectangle(x, 690, 70, 8, (232, 232, 224)) }
    }

    private mutating func house(at x: Int) {
        let (width, height) = (170 + random.next(60), 150 + random.next(110))
        let walls: [Colour] = [(214, 196, 170), (188, 140, 120), (196, 206, 214), (224, 214, 160)]
        let top = Self.horizon - height
        rectangle(x, top, width, height, walls[random.next(walls.count)])
        for row in 0..<60 {
            rectangle(x - 14 + row * (width + 28) / 120, top - row, (width + 28) * (60 - row) / 60, 1, (128, 62, 54))
        }
        for column in 0..<3 {
            for floor in 0..<(height / 80) {
                rectangle(x + 18 + column * (width - 30) / 3, top + 20 + floor * 78, 30, 40, (92, 116, 142))
            }
        }
        rectangle(x + width / 2 - 16, Self.horizon - 58, 32, 58, (84, 62, 50))
    }

    private mutating func tree(at x: Int) {
        let size = 42 + random.next(24)
        rectangle(x - 8, Self.horizon - 90, 16, 96, (96, 70, 48))
        disc(x, Self.horizon - 110, size, (62, 124, 70))
        disc(x - size / 2, Self.horizon - 90, size * 2 / 3, (70, 136, 78))
        disc(x + size / 2, Self.horizon - 92, size * 2 / 3, (56, 114, 64))
    }

    private mutating func car(at x: Int) {
        let paints: [Colour] = [(196, 52, 46), (52, 96, 176), (236, 236, 232), (70, 130, 92), (226, 178, 60)]
        let paint = paints[random.next(paints.count)]
        let y = 540 + random.next(120)
        let length = 190 + random.next(30)
        for row in 0..<44 { rectangle(x + 40 - row / 3, y - 44 + row, length - 80 + row * 2 / 3, 1, paint) }
        for row in 0..<30 { rectangle(x + 52 - row / 4, y - 34 + row, (length - 104) / 2, 1, (176, 206, 226)) }
        for row in 0..<30 {
            rectangle(x + length / 2 + 6, y - 34 + row, (length - 116) / 2 + row / 4, 1, (176, 206, 226))
        }
        rectangle(x, y, length, 44, paint)
        rectangle(x, y + 14, 12, 12, (250, 236, 150))
        wheel(x + 42, y + 46)
        wheel(x + length - 42, y + 46)
    }

    private mutating func truck(at x: Int) {
        let y = 500 + random.next(100)
        rectangle(x + 62, y - 60, 190, 130, (222, 224, 228))
        rectangle(x, y - 14, 60, 84, (58, 104, 150))
        rectangle(x + 8, y - 6, 36, 30, (176, 206, 226))
        for place in [30, 130, 215] { wheel(x + place, y + 72) }
    }

    private mutating func wheel(_ x: Int, _ y: Int) {
        disc(x, y, 22, (30, 30, 34))
        disc(x, y, 10, (168, 170, 176))
    }

    private mutating func person(at x: Int) {
        let shirts: [Colour] = [(206, 80, 70), (70, 112, 190), (240, 196, 80), (120, 84, 150)]
        let y = Self.horizon - 16 + random.next(40)
        disc(x, y - 62, 11, (222, 178, 148))
        rectangle(x - 12, y - 50, 24, 42, shirts[random.next(shirts.count)])
        rectangle(x - 11, y - 8, 9, 36, (50, 54, 76))
        rectangle(x + 2, y - 8, 9, 36, (50, 54, 76))
    }

    // MARK: Pixels

    private mutating func rectangle(_ x: Int, _ y: Int, _ width: Int, _ height: Int, _ colour: Colour) {
        let columns = max(0, x)..<max(0, min(Self.width, x + width), max(0, x))
        for row in max(0, y)..<max(0, min(Self.height, y + height), max(0, y)) {
            for column in columns {
                let at = (row * Self.width + column) * 3
                (bytes[at], bytes[at + 1], bytes[at + 2]) = colour
            }
        }
    }

    private mutating func disc(_ x: Int, _ y: Int, _ radius: Int, _ colour: Colour) {
        for row in -radius...radius {
            let half = Int(Double(radius * radius - row * row).squareRoot())
            rectangle(x - half, y + row, 2 * half + 1, 1, colour)
        }
    }
}

/// A small generator with a known sequence (SplitMix64, S. Vigna), so that the demo looks the same everywhere.
private struct SplitMix {
    var state: UInt64

    mutating func next(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
    }
}
