import Geometry
import Testing

struct OverlapTests {
    private func square(_ left: Double, _ top: Double, _ side: Double) -> [Point] {
        Box(left: left, top: top, width: side, height: side).corners
    }

    @Test func `two squares share what both cover`() {
        let overlap = Overlap(square(0, 0, 10), square(5, 5, 10))
        #expect(overlap == Overlap(square(0, 0, 10), square(5, 5, 10).reversed()))
        #expect(abs(overlap.shared - 25) < 1e-9 && abs(overlap.first - 100) < 1e-9 && abs(overlap.second - 100) < 1e-9)
        #expect(abs(overlap.ratio - 25.0 / 175) < 1e-12)
    }

    @Test func `outlines apart or without area share nothing`() {
        #expect(Overlap(square(0, 0, 10), square(10, 0, 10)).shared == 0)
        #expect(Overlap(square(0, 0, 10), [Point(x: 1, y: 1), Point(x: 5, y: 5)]).ratio == 0)
        #expect(Overlap([], []).ratio == 0)
    }

    /// A diamond in a square: half of it.
    @Test func `slanting edges are exact`() {
        let diamond = [Point(x: 5, y: 0), Point(x: 10, y: 5), Point(x: 5, y: 10), Point(x: 0, y: 5)]
        #expect(abs(Overlap(square(0, 0, 10), diamond).shared - 50) < 1e-9)
        // A star of two triangles: each 3/4 covered by the other's hexagon of 6 of its 9 small triangles.
        let up = [Point(x: 0, y: 6), Point(x: 6, y: 6), Point(x: 3, y: 0)]
        let down = [Point(x: 0, y: 2), Point(x: 6, y: 2), Point(x: 3, y: 8)]
        #expect(abs(Overlap(up, down).shared - 12) < 1e-9)
    }

    @Test func `a hole made by crossing is outside`() {
        // A bow tie: two triangles of 25, whose crossing lies in the middle.
        let tie = [Point(x: 0, y: 0), Point(x: 10, y: 10), Point(x: 10, y: 0), Point(x: 0, y: 10)]
        #expect(abs(Overlap(tie, square(0, 0, 10)).shared - 50) < 1e-9)
    }

    /// Both ways to the area must agree, whatever the outline.
    @Test func `an outline covers itself`() {
        var state: UInt64 = 42
        func random() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 40) / Double(1 << 24)
        }
        for _ in 0..<200 {
            let count = 3 + Int(random() * 20)
            // Star-shaped, so that it does not cross itself and the shoelace formula holds.
            let outline = (0..<count).map { number in
                Point(x: 20 + 80 * random(), y: 0).rotated(by: 2 * .pi * Double(number) / Double(count))
                    + Point(x: 500, y: 300)
            }
            let overlap = Overlap(outline, outline)
            #expect(abs(overlap.shared - Polygon(outline).area) < 1e-6 * max(1, overlap.shared))
            #expect(abs(overlap.ratio - 1) < 1e-9)
        }
    }

    @Test func `lines are as far apart as they run`() {
        let line = [Point(x: 0, y: 0), Point(x: 100, y: 0)]
        let other = [Point(x: 100, y: 7), Point(x: 40, y: 7), Point(x: 0, y: 7)]
        #expect(abs(Paths.distance(line, other) - 7) < 1e-9)
        #expect(Paths.distance(line, line) < 1e-9)
        #expect(Paths.distance([Point(x: 3, y: 4)], [Point(x: 0, y: 0)]) == 5)
    }

    @Test func `a hull leaves out what lies inside`() {
        let hull = Paths.hull([Point(x: 5, y: 5), Point(x: 2, y: 0)] + square(0, 0, 10))
        #expect(Set(hull) == Set(square(0, 0, 10)))
    }
}
