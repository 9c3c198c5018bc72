import Geometry

/// How alike two shapes are, from 0 to 1.
///
/// Areas by intersection over union; lines and points by how far they are apart, 0 from `reach` pixels on.
struct Likeness {
    /// From which likeness on two shapes may be the same thing: half of their union, as in the PASCAL VOC challenge
    /// (Everingham and others, 2010), or half of the reach.
    static let floor = 0.5
    /// From which likeness on two shapes are the same for all purposes.
    static let alike = 0.8
    /// The reach as a share of the picture's diagonal.
    private static let reachShare = 0.02

    /// Pixels.
    let reach: Double

    /// `extent`: the size of the picture, or what is drawn on it if that is not known.
    init(extent: Box?) {
        let diagonal = extent.map { Point(x: $0.width, y: $0.height).length } ?? 0
        reach = max(4, diagonal * Self.reachShare)
    }

    func callAsFunction(_ a: Figure, _ b: Figure) -> Double {
        switch (a, b) {
        case (.box(let a), .box(let b)): Self.boxes(a, b)
        case (.polygon(let a), .polygon(let b)): Self.areas(a, b)
        case (.ellipse(let a), .ellipse(let b)): Self.areas(Self.outline(a), Self.outline(b))
        case (.cuboid(let a), .cuboid(let b)): Self.cuboids(a, b)
        case (.line(let a), .line(let b)): near(Paths.distance(a, b))
        case (.point(let a), .point(let b)): near((a - b).length)
        default: 0
        }
    }

    private func near(_ distance: Double) -> Double { max(0, 1 - distance / reach) }

    private static func areas(_ a: [Point], _ b: [Point]) -> Double {
        // What has no area still is like itself.
        a == b ? 1 : Overlap(a, b).ratio
    }

    private static func boxes(_ a: Box, _ b: Box) -> Double {
        guard a.rotation == 0, b.rotation == 0 else { return areas(a.corners, b.corners) }
        if a == b { return 1 }
        let width = min(a.right, b.right) - max(a.left, b.left)
        let height = min(a.bottom, b.bottom) - max(a.top, b.top)
        guard width > 0, height > 0 else { return 0 }
        let shared = width * height
        return shared / (a.width * a.height + b.width * b.height - shared)
    }

    /// Half for the whole outline and half for the face, so that the side of which the depth is seen counts.
    private static func cuboids(_ a: PerspectiveCuboid, _ b: PerspectiveCuboid) -> Double {
        (areas(Paths.hull(a.vertices.map(\.point)), Paths.hull(b.vertices.map(\.point))) + boxes(a.face, b.face)) / 2
    }

    /// An ellipse as a polygon of many corners; of the ends of its axes where they are those of none.
    private static func outline(_ ends: [Point]) -> [Point] {
        guard let ellipse = try? Ellipse(vertices: ends) else { return ends }
        return ellipse.outline(corners: 64)
    }
}
