import Geometry
import JSON
import Labeling
import Testing

/// Drawn cuboids on their way through a task, against the corners that the fixtures say the camera makes of them.
struct CuboidTests {
    /// A drawing with the camera and what is expected of them, as texts.
    private struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let camera: String
        let vertices: String
        let points2D: [[Double]]
        let points3D: [[Double]]
        let reason: String?
        let tolerance: Double
        var testDescription: String { name }
    }

    private static func read(_ value: JSONValue, tolerance: Double) -> Case {
        func number(_ value: JSONValue?, _ name: String) -> Double { value?[name]?.double ?? .nan }
        let drawing = value["drawing"]
        let (left, top) = (number(drawing, "left"), number(drawing, "top"))
        let (right, bottom) = (number(drawing, "right"), number(drawing, "bottom"))
        var corners = [
            ("face-topleft", left, top), ("face-bottomleft", left, bottom), ("face-topright", right, top),
            ("face-bottomright", right, bottom),
        ]
        if let side = drawing?["side"], !side.isNull {
            corners.append(("side-topcorner", number(side, "x"), number(side, "top")))
            corners.append(("side-bottomcorner", number(side, "x"), number(side, "bottom")))
        }
        let vertices = corners.map { #"{"description":"\#($0.0)","x":\#($0.1),"y":\#($0.2)}"# }
        func points(_ name: String) -> [[Double]] {
            (value["expected"]?[name]).map { $0.elements.map { $0.elements.map { $0.double ?? .nan } } } ?? []
        }
        return Case(
            name: value["name"]?.string ?? "worked example", camera: value["camera"]?.rawText ?? "{}",
            vertices: vertices.joined(separator: ","), points2D: points("points_2d"), points3D: points("points_3d"),
            reason: value["reason"]?.string, tolerance: tolerance)
    }

    private static func cases(_ file: String) throws -> [Case] {
        try JSONDocument.read(try Fixtures.text("cuboids/\(file).json")) { root in
            let tolerance = root["tolerance"]?.double ?? 0
            guard let list = root["cases"] else {
                return [root, root["half"]].compactMap { $0 }.map { read($0, tolerance: tolerance) }
            }
            return list.elements.map { read($0, tolerance: tolerance) }
        }
    }

    /// Hands a drawing in.
    private static func submission(_ one: Case) throws -> Submission {
        let camera = one.camera.dropFirst().dropLast()
        let params = #"""
            {"attachment":"https://example.com/a.jpg",
            "geometries":{"cuboid":{"objects_to_annotate":["car"]\#(camera.isEmpty ? "" : ",")\#(camera)}}}
            """#
        let type = ImageAnnotation()
        let stored = try type.prepare(params, makeID: { "id" }).params
        var document = Document()
        document.collections["annotations"] = [
            "0b9f1a54-7d0e-4f5c-9a36-000000000001": RawJSON(
                #"{"type":"cuboid","label":"car","order":"a0","vertices":[\#(one.vertices)]}"#)
        ]
        return try type.submission(of: document, stored: stored, facts: [])
    }

    private static func points(_ response: String, _ name: String, _ axes: [String]) throws -> [[Double]]? {
        try JSONDocument.read(response) { root in
            (root["annotations"].flatMap { $0.elements.first { _ in true } }?[name]).map { list in
                list.elements.map { point in axes.map { point[$0]?.double ?? .nan } }
            }
        }
    }

    private static func differ(_ a: [[Double]]?, _ b: [[Double]], by tolerance: Double) -> Bool {
        guard let a, a.map(\.count) == b.map(\.count) else { return true }
        return zip(a.joined(), b.joined()).contains { !(abs($0 - $1) <= tolerance) }
    }

    @Test(arguments: ["worked-example", "ideal", "noisy"])
    func `corners are those that the camera makes of the drawing`(file: String) throws {
        let cases = try Self.cases(file)
        #expect(!cases.isEmpty)
        for one in cases {
            let submission = try Self.submission(one)
            #expect(one.points2D.count == 8 && submission.warnings.isEmpty, "\(one.name)")
            let seen = try Self.points(submission.response, "points_2d", ["x", "y"])
            let places = try Self.points(submission.response, "points_3d", ["x", "y", "z"])
            #expect(!Self.differ(seen, one.points2D, by: one.tolerance), "\(one.name): \(submission.response)")
            #expect(!Self.differ(places, one.points3D, by: one.tolerance), "\(one.name): \(submission.response)")
        }
    }

    @Test func `a drawing that tells no cuboid is answered as drawn, with a word on why`() throws {
        let cases = try Self.cases("degenerate")
        var reasons: Set<String> = []
        for one in cases {
            let submission = try Self.submission(one)
            #expect(try Self.points(submission.response, "points_2d", ["x"]) == nil, "\(one.name)")
            #expect(try Self.points(submission.response, "points_3d", ["x"]) == nil, "\(one.name)")
            #expect(try Self.points(submission.response, "vertices", ["x"])?.count ?? 0 >= 4, "\(one.name)")
            let reason = try #require(one.reason)
            // A task without a whole camera asks for no corners.
            #expect(submission.warnings.isEmpty == (reason == "camera-incomplete"), "\(one.name)")
            #expect(submission.warnings.allSatisfy { $0.message.hasPrefix("No corrected corners: ") })
            if let message = submission.warnings.first?.message { reasons.insert(message) }
        }
        #expect(reasons.count == CorrectedCuboid.Obstacle.allCases.count)
    }

    @Test func `the camera's height scales space and moves nothing on the picture`() throws {
        for one in try Self.cases("ideal").prefix(20) {
            let camera = try JSONDocument.read(one.camera) { root in
                (
                    root["camera_height"]?.double ?? 1, root["camera_intrinsics"]?.rawText ?? "",
                    root["camera_rotation_quaternion"]?.rawText ?? ""
                )
            }
            let turned = Case(
                name: one.name,
                camera: #"{"camera_height":\#(-3 * camera.0),"camera_intrinsics":\#(camera.1),"#
                    + #""camera_rotation_quaternion":\#(camera.2)}"#,
                vertices: one.vertices, points2D: one.points2D, points3D: one.points3D.map { $0.map { 3 * $0 } },
                reason: nil, tolerance: one.tolerance)
            // No height counts as 1, which does not grow.
            guard camera.0 != 0 else { continue }
            let response = try Self.submission(turned).response
            #expect(!Self.differ(try Self.points(response, "points_2d", ["x", "y"]), turned.points2D, by: 1e-5))
            #expect(!Self.differ(try Self.points(response, "points_3d", ["x", "y", "z"]), turned.points3D, by: 1e-4))
        }
    }
}
