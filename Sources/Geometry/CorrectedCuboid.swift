/// A cuboid in space, standing on the ground, as a drawing and a camera tell it.
///
/// All is in the camera's frame and in the unit of the camera's height.
package struct CorrectedCuboid: Sendable, Equatable {
    /// Why no cuboid in space can be told from a drawing, in the order in which they are looked for.
    package enum Obstacle: String, Error, Sendable, CaseIterable {
        /// The world's upward direction points too far down or aside: probably another convention of rotations.
        case cameraNotUpright = "camera-not-upright"
        /// Only the face was drawn.
        case noSide = "no-side"
        /// The side's edge is not beyond the face.
        case sideWithinFace = "side-within-face"
        /// A foot is not clearly below the horizon.
        case aboveHorizon = "above-horizon"
        /// Width, length or height is nothing.
        case noVolume = "no-volume"
        /// A corner is not in front of the camera.
        case behindCamera = "behind-camera"
        /// The heights at both drawn edges contradict each other.
        case heightsDiffer = "heights-differ"
    }

    /// The foot of the edge that face and side share.
    package let near: SIMD3<Double>
    /// The direction of the side, away from the camera, and that of the face, away from the shared edge.
    package let depth: SIMD3<Double>
    package let across: SIMD3<Double>
    /// Of the face.
    package let width: Double
    /// Of the side.
    package let length: Double
    package let height: Double
    /// The corners: top left, bottom left, top right, bottom right of the drawn face, then of the opposite one.
    package let points3D: [SIMD3<Double>]
    /// Where the corners are seen.
    package let points2D: [Point]

    /// Finds the cuboid that fits a drawing best.
    ///
    /// A closed form uses six of the seven drawn numbers (the far bottom corner of the face is horizontal by force and
    /// is not used at all); a refinement spreads what the seventh contradicts over all of them.
    ///
    /// - Throws: ``Obstacle``.
    package init(_ drawing: PerspectiveCuboid, camera: PinholeCamera) throws(Obstacle) {
        let sight = try Sight(drawing, camera)
        let exact = try sight.closedForm()
        let better = sight.refined(exact)
        let corners = sight.corners(better)
        let isBetter = better.hasVolume(camera) && corners.allSatisfy(sight.isSeen)
        self.init(isBetter ? better : exact, isBetter ? corners : sight.corners(exact), camera)
    }

    private init(_ solid: Solid, _ corners: [SIMD3<Double>], _ camera: PinholeCamera) {
        (near, depth, across) = (solid.near, solid.depth, solid.across)
        (width, length, height) = (solid.width, solid.length, solid.height)
        points3D = corners
        points2D = corners.map(camera.projected)
    }
}

/// A cuboid on the ground, seen along the edge that face and side share.
private struct Solid {
    let near: SIMD3<Double>
    let depth: SIMD3<Double>
    let across: SIMD3<Double>
    let width: Double
    let length: Double
    let height: Double

    /// Sizes below a small part of the camera's height come from rounding.
    func hasVolume(_ camera: PinholeCamera) -> Bool {
        [width, length, height].allSatisfy { $0.isFinite && $0 > 1e-9 * camera.height }
    }
}

/// The seven numbers of a drawing that count, and the camera they were seen with.
private struct Sight {
    let camera: PinholeCamera
    /// The foot and the top of the shared edge.
    let foot: Point
    let top: Double
    /// The column where the face ends.
    let end: Double
    /// The foot and the top of the side's edge.
    let sideFoot: Point
    let sideTop: Double
    let isSideRight: Bool

    init(_ drawing: PerspectiveCuboid, _ camera: PinholeCamera) throws(CorrectedCuboid.Obstacle) {
        guard camera.up.y <= -0.5 else { throw .cameraNotUpright }
        guard let edge = drawing.sideEdge else { throw .noSide }
        let face = drawing.face
        let (left, right, bottom) = (face.left, face.left + face.width, face.top + face.height)
        let x = (edge.top.x + edge.bottom.x) / 2
        guard x < left || x > right else { throw .sideWithinFace }
        self.camera = camera
        isSideRight = x > right
        foot = Point(x: isSideRight ? right : left, y: bottom)
        top = face.top
        end = isSideRight ? left : right
        sideFoot = Point(x: x, y: edge.bottom.y)
        sideTop = edge.top.y
    }

    func closedForm() throws(CorrectedCuboid.Obstacle) -> Solid {
        guard let near = camera.foot(foot), let far = camera.foot(sideFoot) else { throw .aboveHorizon }
        let side = far - near
        let depth = side / side.length
        let one = camera.up.cross(depth)
        let column = camera.columnPlane(end)
        let width = -near.dot(column) / one.dot(column)
        let height = camera.height(over: near, row: top)
        let other = camera.height(over: far, row: sideTop)
        let solid = Solid(
            near: near, depth: depth, across: width < 0 ? -one : one, width: abs(width), length: side.length,
            height: height)
        guard solid.hasVolume(camera) else { throw .noVolume }
        guard corners(solid).allSatisfy(isSeen) else { throw .behindCamera }
        guard abs(height - other) <= 0.5 * max(height, other) else { throw .heightsDiffer }
        return solid
    }

    /// The cuboid of six unknowns (place, yaw, sizes) that fits all seven numbers best.
    func refined(_ start: Solid) -> Solid {
        let up = camera.up
        let sense: Double = up.cross(start.depth).dot(start.across) < 0 ? -1 : 1
        // Two directions along the ground, to count places and the yaw by.
        let level = SIMD3(1, 0, 0) - up * up.x
        let one = level / level.length
        let two = up.cross(one)
        func solid(_ unknowns: [Double]) -> Solid {
            let depth = one * cosine(unknowns[2]) + two * sine(unknowns[2])
            let near = up * -camera.height + one * unknowns[0] + two * unknowns[1]
            return Solid(
                near: near, depth: depth, across: up.cross(depth) * sense, width: unknowns[3], length: unknowns[4],
                height: unknowns[5])
        }
        let yaw = angle(of: Point(x: start.depth.dot(one), y: start.depth.dot(two)))
        let first = [start.near.dot(one), start.near.dot(two), yaw, start.width, start.length, start.height]
        return solid(
            LeastSquares.gaussNewton(from: first) { unknowns in
                let solid = solid(unknowns)
                let far = solid.near + solid.depth * solid.length
                let (seenFoot, seenFar) = (camera.projected(solid.near), camera.projected(far))
                let seenTop = camera.projected(solid.near + up * solid.height)
                let seenEnd = camera.projected(solid.near + solid.across * solid.width)
                let seenFarTop = camera.projected(far + up * solid.height)
                return [
                    seenFoot.x - foot.x, seenFoot.y - foot.y, seenTop.y - top, seenEnd.x - end,
                    seenFar.x - sideFoot.x, seenFar.y - sideFoot.y, seenFarTop.y - sideTop,
                ]
            })
    }

    /// Whether a place is in front of the camera, and not so close that its image has no number.
    func isSeen(_ place: SIMD3<Double>) -> Bool {
        let point = camera.projected(place)
        return place.z > 0 && point.x.isFinite && point.y.isFinite
    }

    func corners(_ solid: Solid) -> [SIMD3<Double>] {
        let end = solid.near + solid.across * solid.width
        let (left, right) = isSideRight ? (end, solid.near) : (solid.near, end)
        let rise = camera.up * solid.height
        let face = [left + rise, left, right + rise, right]
        return face + face.map { $0 + solid.depth * solid.length }
    }
}
