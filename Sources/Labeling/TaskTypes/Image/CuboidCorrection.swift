import Geometry
import JSON

extension ImageParams {
    /// The cuboid in space behind a drawn one, or why there is none; nil where the task tells no camera.
    func corrected(_ cuboid: PerspectiveCuboid) -> Result<CorrectedCuboid, CorrectedCuboid.Obstacle>? {
        guard let camera = geometries[.cuboid]?.camera else { return nil }
        return Result { () throws(CorrectedCuboid.Obstacle) in try CorrectedCuboid(cuboid, camera: camera) }
    }

    /// The cuboids of a response that have no corrected corners although there is a camera, each with the reason.
    func uncorrectedCuboids(in response: JSONValue) -> [SubmissionIssue] {
        guard geometries[.cuboid]?.camera != nil else { return [] }
        return response["annotations"].allElements.enumerated().compactMap { index, annotation in
            guard annotation["type"]?.string == Geometry.cuboid.rawValue,
                case .cuboid(let cuboid)? = Figure.read(.cuboid, annotation, Judge(.draft, JSONReader(), rules)),
                case .failure(let obstacle)? = corrected(cuboid)
            else { return nil }
            return SubmissionIssue(
                path: "annotations[\(index)]", message: "No corrected corners: \(obstacle.words).",
                key: annotation["uuid"]?.string)
        }
    }
}

extension CorrectedCuboid {
    /// Writes the corners on the picture and in space, in the same order.
    func write(to writer: inout JSONWriter) {
        writer.array("points_2d") { writer in
            for point in points2D {
                writer.object { $0.point(point) }
            }
        }
        writer.array("points_3d") { writer in
            for place in points3D {
                writer.object { writer in
                    writer.field("x", place.x)
                    writer.field("y", place.y)
                    writer.field("z", place.z)
                }
            }
        }
    }
}

extension CorrectedCuboid.Obstacle {
    /// The reason in words, as the end of a sentence.
    fileprivate var words: String {
        switch self {
        case .cameraNotUpright:
            "the camera's rotation does not keep it upright; it must lead from the camera to a world whose z points up"
        case .noSide: "only the face is drawn"
        case .sideWithinFace: "the edge of the side is not beyond the face"
        case .aboveHorizon: "a lower corner is not clearly below the horizon"
        case .noVolume: "the cuboid has no volume"
        case .behindCamera: "the cuboid reaches behind the camera"
        case .heightsDiffer: "the heights of face and side contradict each other"
        }
    }
}
