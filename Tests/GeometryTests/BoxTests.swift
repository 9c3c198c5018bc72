import Geometry
import TestSupport
import Testing

private func close(_ a: Point, _ b: Point, _ tolerance: Double = 1e-9) -> Bool { (a - b).length <= tolerance }

struct BoxTests {
    @Test func `an upright box keeps its corners to the last bit`() {
        let box = Box(left: 0.1, top: 0.2, width: 0.3, height: 0.4)
        #expect(
            box.corners == [
                Point(x: 0.1, y: 0.2), Point(x: box.right, y: 0.2), Point(x: box.right, y: box.bottom),
                Point(x: 0.1, y: box.bottom),
            ])
    }

    @Test func `a box turns clockwise on screen about its centre`() {
        let corners = Box(left: 410, top: 220, width: 120, height: 60, rotation: 0.523599).corners
        let expected = [(433.04, 194.02), (536.96, 254.02), (506.96, 305.98), (403.04, 245.98)]
        for (corner, (x, y)) in zip(corners, expected) { #expect(close(corner, Point(x: x, y: y), 0.01)) }
    }

    @Test(arguments: 0..<200) func `turning keeps centre and sides`(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let box = Box(
            left: .random(in: -50...50, using: &random), top: .random(in: -50...50, using: &random),
            width: .random(in: 0...90, using: &random), height: .random(in: 0...90, using: &random),
            rotation: .random(in: -20...20, using: &random))
        let corners = box.corners
        let middle = (corners[0] + corners[2]) * 0.5
        #expect(close(middle, box.center))
        #expect(abs((corners[1] - corners[0]).length - box.width) < 1e-9)
        #expect(abs((corners[3] - corners[0]).length - box.height) < 1e-9)
        #expect((0..<2 * Double.pi).contains(box.normalized.rotation))
        for (a, b) in zip(corners, box.normalized.corners) { #expect(close(a, b, 1e-8)) }
    }

    @Test(arguments: [(0.5, 1.0), (-0.5, 0.0), (1.49, 1.0), (-1.5, -1.0), (2.0, 2.0)])
    func `halves are rounded upwards`(edge: Double, rounded: Double) {
        let box = Box(left: edge, top: edge, width: 10, height: 10).roundedToPixels
        #expect(box.left == rounded && box.top == rounded)
        #expect(box.left.sign == (rounded < 0 ? .minus : .plus))
    }

    @Test(arguments: 0..<200) func `neighbours stay neighbours on whole pixels`(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let left = Double.random(in: -20...20, using: &random)
        let (first, second) = (
            Double.random(in: 1...20, using: &random), Double.random(in: 1...20, using: &random)
        )
        let a = Box(left: left, top: 0, width: first, height: 5).roundedToPixels
        let b = Box(left: left + first, top: 0, width: second, height: 5).roundedToPixels
        #expect(a.right == b.left)
        #expect(abs(a.width - first) <= 1 && a.width >= 1)
    }

    @Test func `a box without extent on whole pixels becomes one pixel`() {
        #expect(
            Box(left: 3.1, top: 3.6, width: 0.2, height: 0.2).roundedToPixels
                == Box(left: 3, top: 4, width: 1, height: 1))
    }

    @Test func `a turned box is not rounded`() {
        let box = Box(left: 1.5, top: 1.5, width: 3, height: 3, rotation: 1)
        #expect(box.roundedToPixels == box)
    }

    @Test(arguments: [
        (-1e-300, 0.0), (2 * Double.pi, 0.0), (-Double.pi, Double.pi), (-0.0, 0.0), (7.0, 7 - 2 * Double.pi),
    ])
    func `rotation lies within a full turn`(angle: Double, expected: Double) {
        let normalized = Box.normalized(angle)
        #expect(abs(normalized - expected) < 1e-12 && normalized.sign == .plus && normalized < 2 * .pi)
    }

    @Test func `a box around nothing does not exist`() {
        #expect(Box(around: [Point]()) == nil)
        #expect(
            Box(around: [Point(x: 3, y: 1), Point(x: -1, y: 4)]) == Box(left: -1, top: 1, width: 4, height: 3))
    }
}

struct PolygonTests {
    private let square = Polygon([
        Point(x: 1, y: 1), Point(x: 4, y: 1), Point(x: 4, y: 5), Point(x: 1, y: 5),
    ])

    @Test func `area is positive clockwise on screen`() {
        #expect(square.signedArea == 12)
        #expect(Polygon(square.vertices.reversed()).signedArea == -12)
        #expect(Polygon(square.vertices.reversed()).area == 12)
    }

    @Test func `what has fewer than three corners has no area`() {
        #expect(Polygon([]).area == 0)
        #expect(Polygon([Point(x: 0, y: 0), Point(x: 1, y: 1)]).area == 0)
        #expect(Polygon([]).bounds == nil)
    }

    @Test(arguments: 0..<100) func `area does not depend on where the outline starts or lies`(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let vertices = (0..<7).map { _ in
            Point(x: .random(in: 0...100, using: &random), y: .random(in: 0...100, using: &random))
        }
        let area = Polygon(vertices).signedArea
        let turned = Polygon(Array(vertices[3...] + vertices[..<3]))
        #expect(abs(turned.signedArea - area) < 1e-8)
        let moved = Polygon(vertices.map { $0 + Point(x: 1e6, y: -1e6) })
        #expect(abs(moved.signedArea - area) < 1e-3)
    }

    @Test func `the inside is told from the outside`() {
        #expect(square.contains(Point(x: 2, y: 2)))
        #expect(!square.contains(Point(x: 5, y: 2)))
        #expect(!square.contains(Point(x: 2, y: 0)))
        #expect(square.bounds == Box(left: 1, top: 1, width: 3, height: 4))
    }
}

struct EllipseTests {
    @Test func `the ends of the axes go top, right, bottom, left`() {
        let ellipse = Ellipse(center: Point(x: 123, y: 113), a: 50, b: 21)
        let expected = [(123.0, 92.0), (173, 113), (123, 134), (73, 113)]
        for (vertex, (x, y)) in zip(ellipse.vertices, expected) { #expect(close(vertex, Point(x: x, y: y))) }
    }

    @Test(arguments: 0..<200) func `an ellipse is read back from its vertices`(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let ellipse = Ellipse(
            center: Point(x: .random(in: 0...500, using: &random), y: .random(in: 0...500, using: &random)),
            a: .random(in: 1...200, using: &random), b: .random(in: 1...200, using: &random),
            rotation: .random(in: 0..<6.28, using: &random))
        let read = try Ellipse(vertices: ellipse.vertices)
        #expect(close(read.center, ellipse.center))
        #expect(abs(read.a - ellipse.a) < 1e-9 && abs(read.b - ellipse.b) < 1e-9)
        for (a, b) in zip(read.vertices, ellipse.vertices) { #expect(close(a, b, 1e-8)) }
    }

    @Test func `points that are no ends of axes are refused`() {
        let points = Ellipse(center: Point(x: 50, y: 50), a: 30, b: 20).vertices
        func fault(_ points: [Point]) -> Ellipse.Fault? {
            do {
                _ = try Ellipse(vertices: points)
                return nil
            } catch {
                return error
            }
        }
        #expect(fault(Array(points.prefix(3))) == .count)
        #expect(fault([points[0], points[1] + Point(x: 1.1, y: 0), points[2], points[3]]) == .centersDiffer)
        #expect(fault([points[0], points[1] + Point(x: 0.9, y: 0), points[2], points[3]]) == nil)
        let skewed = [
            points[0] + Point(x: 5, y: 0), points[1], points[2] - Point(x: 5, y: 0), points[3],
        ]
        #expect(fault(skewed) == .axesNotPerpendicular)
        #expect(fault([points[0], points[1], points[0], points[3]]) == .flat)
    }
}

struct CuboidTests {
    private static let face: [PerspectiveCuboid.Vertex: Point] = [
        .faceTopLeft: Point(x: 10, y: 10), .faceBottomLeft: Point(x: 10, y: 40),
        .faceTopRight: Point(x: 50, y: 10), .faceBottomRight: Point(x: 50, y: 40),
    ]

    private func make(side x: Double) -> PerspectiveCuboid? {
        PerspectiveCuboid(
            Self.face.merging([.sideTop: Point(x: x, y: 15), .sideBottom: Point(x: x, y: 35)]) { $1 })
    }

    @Test func `the side hangs on the nearer edge of the face`() throws {
        let right = try #require(make(side: 70))
        #expect(right.side == .right)
        #expect(right.edges[4].from == Point(x: 50, y: 40) && right.edges[5].from == Point(x: 50, y: 10))
        let left = try #require(make(side: 2))
        #expect(left.side == .left)
        #expect(left.edges[4].from == Point(x: 10, y: 40) && left.edges[5].from == Point(x: 10, y: 10))
    }

    @Test func `edges and vertices are named in the written order`() throws {
        let cuboid = try #require(make(side: 70))
        #expect(cuboid.edges.map(\.name) == PerspectiveCuboid.EdgeName.allCases)
        #expect(cuboid.vertices.map(\.name) == PerspectiveCuboid.Vertex.allCases)
    }

    @Test func `half a cuboid is none`() {
        #expect(PerspectiveCuboid(Self.face)?.edges.count == 4)
        #expect(PerspectiveCuboid(Self.face.merging([.sideTop: Point(x: 70, y: 15)]) { $1 }) == nil)
        #expect(PerspectiveCuboid(Self.face.filter { $0.key != .faceTopLeft }) == nil)
    }

    @Test func `a face that leans is noticed`() throws {
        var corners = Self.face
        #expect(try #require(PerspectiveCuboid(corners)).isFaceUpright(tolerance: 0))
        corners[.faceBottomLeft] = Point(x: 12, y: 40)
        let leaning = try #require(PerspectiveCuboid(corners))
        #expect(!leaning.isFaceUpright(tolerance: 1) && leaning.isFaceUpright(tolerance: 2))
        #expect(leaning.face == Box(left: 10, top: 10, width: 40, height: 30))
    }
}
