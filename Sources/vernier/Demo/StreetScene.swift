/// A made-up street, drawn pixel by pixel, so that the demo has pictures without shipping any.
///
/// Everything is drawn at twice the size and averaged at the end, which makes edges smooth.
struct StreetScene {
    static let width = 1280
    static let height = 800
    private static let horizon = 430
    private static let kerb = 512
    private static let oversampling = 2

    private struct Colour {
        var red: Int
        var green: Int
        var blue: Int

        init(_ red: Int, _ green: Int, _ blue: Int) { (self.red, self.green, self.blue) = (red, green, blue) }

        /// This colour mixed with another; `share` in percent of the other.
        func mixed(_ other: Colour, _ share: Int) -> Colour {
            Colour(
                (red * (100 - share) + other.red * share) / 100, (green * (100 - share) + other.green * share) / 100,
                (blue * (100 - share) + other.blue * share) / 100)
        }

        func darker(_ share: Int) -> Colour { mixed(Colour(20, 22, 34), share) }
        func lighter(_ share: Int) -> Colour { mixed(Colour(255, 255, 255), share) }
    }

    private static let glass = Colour(178, 206, 224)
    private static let shadow = Colour(22, 24, 34)

    private var random: SplitMix
    private var bytes = [UInt8](repeating: 0, count: width * height * 3 * oversampling * oversampling)

    init(seed: UInt64) {
        random = SplitMix(state: seed)
    }

    /// The picture in rows of red, green and blue bytes.
    func pixels() -> [UInt8] {
        var scene = self
        scene.draw()
        return scene.averaged()
    }

    private mutating func draw() {
        let isSunny = random.next(2) == 0
        sky(isSunny)
        for slot in 0..<4 { house(at: 30 + slot * 318 + random.next(56)) }
        street()
        for slot in 0..<3 { tree(at: 274 + slot * 318 + random.next(44)) }
        var place = 60 + random.next(160)
        while place < Self.width - 60 {
            person(at: place)
            place += 260 + random.next(260)
        }
        // Each lane from back to front, so that nearer things cover farther ones.
        for lane in [596, 722] {
            var x = -40 + random.next(260)
            while x < Self.width - 180 {
                if random.next(4) == 0 { truck(at: x, lane: lane) } else { car(at: x, lane: lane) }
                x += 340 + random.next(240)
            }
        }
    }

    // MARK: Surroundings

    private mutating func sky(_ isSunny: Bool) {
        let (top, bottom) =
            isSunny ? (Colour(96, 160, 228), Colour(222, 236, 246)) : (Colour(150, 164, 180), Colour(222, 226, 230))
        for y in 0..<Self.horizon {
            rectangle(0, y, Self.width, 1, top.mixed(bottom, y * 100 / Self.horizon))
        }
        if isSunny {
            for ring in 0..<6 { disc(Self.width - 150, 100, 84 - ring * 7, Colour(255, 240, 190), opacity: 10) }
            disc(Self.width - 150, 100, 44, Colour(255, 230, 140))
        }
        for _ in 0..<(isSunny ? 3 : 9) {
            let (x, y, size) = (random.next(Self.width), 40 + random.next(150), 20 + random.next(16))
            let colour = isSunny ? Colour(250, 252, 255) : Colour(214, 219, 226)
            for puff in 0..<5 {
                let radius = size - abs(puff - 2) * size / 5
                disc(x + puff * size, y - radius / 3, radius, colour)
            }
        }
        for hill in 0..<5 { disc(hill * 340 - 60 + random.next(120), Self.horizon + 250, 300, Colour(158, 180, 166)) }
    }

    private mutating func street() {
        rectangle(0, Self.horizon, Self.width, Self.kerb - Self.horizon, Colour(184, 184, 182))
        for x in stride(from: 0, to: Self.width, by: 64) { rectangle(x, Self.horizon, 2, 76, Colour(168, 168, 168)) }
        rectangle(0, Self.kerb - 8, Self.width, 8, Colour(206, 206, 202))
        rectangle(0, Self.kerb, Self.width, 5, Colour(120, 122, 126))
        for y in Self.kerb + 5..<Self.height {
            rectangle(0, y, Self.width, 1, Colour(96, 99, 106).darker((y - Self.kerb) / 9))
        }
        for x in stride(from: 24, to: Self.width, by: 150) { rectangle(x, 652, 84, 8, Colour(226, 226, 218)) }
    }

    private mutating func house(at x: Int) {
        let (width, height) = (186 + random.next(50), 170 + random.next(110))
        let walls = [
            Colour(226, 206, 176), Colour(204, 148, 122), Colour(198, 210, 220), Colour(232, 218, 158),
            Colour(206, 196, 186),
        ]
        let wall = walls[random.next(walls.count)]
        let roof = [Colour(142, 72, 60), Colour(110, 84, 78), Colour(92, 98, 112)][random.next(3)]
        let top = Self.horizon - height
        rectangle(x + width * 3 / 4, top - 64, 22, 50, Colour(136, 92, 80))
        rectangle(x + width * 3 / 4 - 3, top - 68, 28, 7, Colour(112, 74, 66))
        for row in 0..<66 {
            let half = (width + 32) * (row + 4) / 140
            rectangle(x + width / 2 - half, top - 66 + row, 2 * half, 1, row % 11 < 9 ? roof : roof.darker(16))
        }
        rectangle(x, top, width, height, wall)
        rectangle(x, top, width, 7, wall.darker(24))
        rectangle(x, Self.horizon - 12, width, 12, wall.darker(30))
        let door = x + width / 2
        for floor in 0..<((height - 20) / 82) {
            for column in 0..<3 {
                let left = x + width * (2 * column + 1) / 6 - 17
                let down = top + 24 + floor * 82
                guard down + 52 < Self.horizon - 74 || column != 1 else { continue }
                rectangle(left - 4, down - 4, 42, 54, wall.lighter(62))
                rectangle(left, down, 34, 46, Colour(96, 120, 146))
                rectangle(left, down, 34, 14, Colour(140, 164, 186))
                rectangle(left + 16, down, 3, 46, wall.lighter(62))
                rectangle(left - 6, down + 50, 46, 5, wall.darker(18))
            }
        }
        rectangle(door - 22, Self.horizon - 70, 44, 70, wall.lighter(50))
        rectangle(door - 17, Self.horizon - 65, 34, 65, Colour(96, 66, 50))
        rectangle(door - 12, Self.horizon - 59, 24, 22, Colour(150, 170, 184))
        disc(door + 12, Self.horizon - 28, 2, Colour(222, 196, 120))
    }

    private mutating func tree(at x: Int) {
        let size = 40 + random.next(18)
        let leaves = [Colour(74, 130, 76), Colour(92, 138, 66), Colour(66, 118, 84)][random.next(3)]
        let foot = Self.horizon + 22
        ellipse(x, foot, size, 7, Self.shadow, opacity: 26)
        rectangle(x - 7, foot - 110, 14, 110, Colour(104, 76, 54))
        rectangle(x + 2, foot - 110, 5, 110, Colour(84, 60, 44))
        disc(x, foot - 140, size, leaves.darker(10))
        disc(x - size * 3 / 5, foot - 112, size * 7 / 10, leaves.darker(16))
        disc(x + size * 3 / 5, foot - 114, size * 7 / 10, leaves.darker(22))
        disc(x - size / 4, foot - 156, size * 6 / 10, leaves)
        disc(x - size / 2, foot - 124, size * 4 / 10, leaves.lighter(8))
    }

    // MARK: What moves

    private mutating func car(at x: Int, lane: Int) {
        let paints = [
            Colour(198, 58, 50), Colour(52, 98, 178), Colour(238, 238, 234), Colour(72, 132, 96), Colour(228, 182, 66),
            Colour(86, 92, 104),
        ]
        let paint = paints[random.next(paints.count)]
        let length = 206 + random.next(30)
        let (low, belt) = (lane, lane - 46)
        ellipse(x + length / 2, low + 8, length / 2 + 10, 10, Self.shadow, opacity: 42)
        for row in 0..<46 {  // The cabin widens downwards.
            rectangle(x + 56 - row * 26 / 46, belt - 46 + row, length - 118 + row * 50 / 46, 1, paint.darker(6))
        }
        for row in 0..<34 {
            let lean = row * 19 / 34
            rectangle(x + 60 - lean, belt - 38 + row, length / 2 - 66 + lean, 1, Self.glass)
            rectangle(x + length / 2 + 1, belt - 38 + row, length / 2 - 68 + lean, 1, Self.glass)
        }
        rectangle(x + 8, belt - 4, length - 16, 8, paint.lighter(12))
        rectangle(x, belt + 4, length, 30, paint)
        rectangle(x + 4, belt + 34, length - 8, 12, paint.darker(26))
        rectangle(x + length / 2 - 2, belt, 2, 40, paint.darker(34))
        rectangle(x + length / 2 + 8, belt + 8, 14, 4, paint.darker(34))
        rectangle(x - 2, belt + 8, 12, 11, Colour(255, 238, 168))
        rectangle(x + length - 8, belt + 8, 9, 13, Colour(186, 40, 40))
        wheel(x + 46, low - 2, 22)
        wheel(x + length - 46, low - 2, 22)
    }

    private mutating func truck(at x: Int, lane: Int) {
        let cabin = [Colour(58, 104, 150), Colour(196, 84, 58), Colour(72, 120, 92)][random.next(3)]
        ellipse(x + 134, lane + 10, 142, 11, Self.shadow, opacity: 42)
        rectangle(x + 70, lane - 136, 200, 122, Colour(228, 230, 233))
        rectangle(x + 70, lane - 136, 200, 8, Colour(206, 209, 214))
        for seam in 1..<5 { rectangle(x + 70 + seam * 40, lane - 128, 2, 114, Colour(212, 215, 219)) }
        rectangle(x + 20, lane - 14, 244, 12, Colour(70, 74, 82))
        for row in 0..<40 { rectangle(x + 14 - row * 12 / 40, lane - 98 + row, 52 + row * 12 / 40, 1, cabin) }
        rectangle(x, lane - 58, 66, 54, cabin)
        for row in 0..<32 { rectangle(x + 16 - row * 9 / 32, lane - 91 + row, 38 + row * 9 / 32, 1, Self.glass) }
        rectangle(x, lane - 12, 66, 10, cabin.darker(30))
        rectangle(x + 30, lane - 46, 13, 4, cabin.darker(36))
        rectangle(x - 2, lane - 40, 10, 12, Colour(255, 238, 168))
        for place in [34, 168, 226] { wheel(x + place, lane - 4, 24) }
    }

    private mutating func wheel(_ x: Int, _ y: Int, _ radius: Int) {
        disc(x, y, radius, Colour(34, 35, 40))
        disc(x, y, radius * 11 / 20, Colour(176, 180, 186))
        disc(x, y, radius / 4, Colour(98, 102, 110))
    }

    private mutating func person(at x: Int) {
        let shirts = [Colour(206, 84, 72), Colour(72, 114, 190), Colour(238, 192, 84), Colour(124, 90, 154)]
        let skins = [Colour(232, 190, 160), Colour(188, 134, 100), Colour(122, 84, 64)]
        let hairs = [Colour(70, 50, 40), Colour(36, 32, 32), Colour(176, 134, 80)]
        let (shirt, skin) = (shirts[random.next(shirts.count)], skins[random.next(skins.count)])
        let (hair, foot) = (hairs[random.next(hairs.count)], Self.horizon + 42 + random.next(28))
        ellipse(x, foot, 24, 5, Self.shadow, opacity: 32)
        rectangle(x - 13, foot - 46, 11, 46, Colour(52, 58, 82))
        rectangle(x + 2, foot - 46, 11, 46, Colour(46, 52, 74))
        rectangle(x - 15, foot - 5, 13, 5, Colour(40, 36, 36))
        rectangle(x + 1, foot - 5, 14, 5, Colour(40, 36, 36))
        rectangle(x - 14, foot - 92, 28, 48, shirt)
        rectangle(x - 21, foot - 90, 8, 34, shirt.darker(18))
        rectangle(x + 13, foot - 90, 8, 34, shirt.darker(18))
        disc(x - 17, foot - 54, 4, skin)
        disc(x + 17, foot - 54, 4, skin)
        rectangle(x - 4, foot - 98, 8, 8, skin.darker(12))
        disc(x, foot - 109, 13, hair)
        disc(x, foot - 106, 11, skin)
    }

    // MARK: Pixels

    private mutating func rectangle(_ x: Int, _ y: Int, _ width: Int, _ height: Int, _ colour: Colour) {
        let scale = Self.oversampling
        for row in y * scale..<max(y, y + height) * scale {
            span(row, from: x * scale, to: (x + width) * scale, colour, opacity: 100)
        }
    }

    private mutating func disc(_ x: Int, _ y: Int, _ radius: Int, _ colour: Colour, opacity: Int = 100) {
        ellipse(x, y, radius, radius, colour, opacity: opacity)
    }

    private mutating func ellipse(
        _ x: Int, _ y: Int, _ across: Int, _ down: Int, _ colour: Colour, opacity: Int = 100
    ) {
        let scale = Self.oversampling
        let height = max(1, down * scale)
        for row in -height...height {
            let share = 1 - Double(row * row) / Double(height * height)
            let half = Int((share.squareRoot() * Double(across * scale)).rounded())
            span(y * scale + row, from: x * scale - half, to: x * scale + half, colour, opacity: opacity)
        }
    }

    /// Colours part of one row of the enlarged picture.
    private mutating func span(_ row: Int, from left: Int, to right: Int, _ colour: Colour, opacity: Int) {
        let (width, height) = (Self.width * Self.oversampling, Self.height * Self.oversampling)
        let (left, right) = (max(0, left), min(width, right))
        guard row >= 0, row < height, left < right else { return }
        for at in stride(from: (row * width + left) * 3, to: (row * width + right) * 3, by: 3) {
            bytes[at] = Self.mixed(bytes[at], colour.red, opacity)
            bytes[at + 1] = Self.mixed(bytes[at + 1], colour.green, opacity)
            bytes[at + 2] = Self.mixed(bytes[at + 2], colour.blue, opacity)
        }
    }

    private static func mixed(_ below: UInt8, _ above: Int, _ opacity: Int) -> UInt8 {
        UInt8((Int(below) * (100 - opacity) + above * opacity) / 100)
    }

    /// The picture in its own size: the mean of each square of pixels.
    private func averaged() -> [UInt8] {
        let scale = Self.oversampling
        let stride = Self.width * scale * 3
        var small = [UInt8](repeating: 0, count: Self.width * Self.height * 3)
        for y in 0..<Self.height {
            for x in 0..<Self.width {
                for channel in 0..<3 {
                    var sum = 0
                    for down in 0..<scale {
                        for across in 0..<scale {
                            sum += Int(bytes[(y * scale + down) * stride + (x * scale + across) * 3 + channel])
                        }
                    }
                    small[(y * Self.width + x) * 3 + channel] = UInt8(sum / (scale * scale))
                }
            }
        }
        return small
    }
}

/// A small generator with a known sequence, so that the demo looks the same everywhere.
///
/// SplitMix64 by S. Vigna.
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
