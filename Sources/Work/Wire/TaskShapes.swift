import JSON
import Labeling

/// The shapes of a response about a picture, small enough for a thumbnail.
struct TaskShapes: Sendable, Equatable {
    /// One thing drawn: its corners in pixels of the picture, x and y in turn.
    struct Shape: Sendable, Equatable {
        let type: String
        let label: String?
        let points: [Double]
    }

    /// The first of them, in the order of the response.
    var shapes: [Shape] = []

    /// How many there are.
    var count = 0

    /// What fits into a small picture, and into a list.
    private static let mostShapes = 60
    private static let mostPoints = 64

    /// Reads a stored response; one of another kind of task has no shapes.
    init(response: String, type: String) {
        guard TaskTypes.named(type)?.editor == .image else { return }
        // Our own text; if it cannot be read, there is nothing to draw.
        do { try JSONDocument.read(response) { read($0) } } catch {}
    }

    private mutating func read(_ root: JSONValue) {
        guard let annotations = root["annotations"], annotations.isArray else { return }
        for annotation in annotations.elements {
            count += 1
            guard shapes.count < Self.mostShapes, let type = annotation["type"]?.string else { continue }
            let points = Self.points(of: annotation)
            guard !points.isEmpty else { continue }
            shapes.append(Shape(type: type, label: annotation["label"]?.string, points: points))
        }
    }

    /// The corners of an annotation: those it names, those of its sides, or the point it is.
    private static func points(of annotation: JSONValue) -> [Double] {
        if let vertices = annotation["vertices"], vertices.isArray, vertices.count > 0 {
            return thinned(vertices.elements.compactMap { point($0) })
        }
        if let left = annotation["left"]?.double, let top = annotation["top"]?.double,
            let width = annotation["width"]?.double, let height = annotation["height"]?.double
        {
            return [left, top, left + width, top, left + width, top + height, left, top + height]
        }
        return point(annotation).map { [$0.0, $0.1] } ?? []
    }

    private static func point(_ value: JSONValue) -> (Double, Double)? {
        guard let x = value["x"]?.double, let y = value["y"]?.double else { return nil }
        return (x, y)
    }

    /// Evenly chosen corners of a shape that has too many.
    private static func thinned(_ points: [(Double, Double)]) -> [Double] {
        guard points.count > mostPoints else { return points.flatMap { [$0.0, $0.1] } }
        return (0..<mostPoints).flatMap { number in
            let point = points[number * points.count / mostPoints]
            return [point.0, point.1]
        }
    }

    func write(to writer: inout JSONWriter) {
        for shape in shapes {
            writer.object { writer in
                writer.field("type", shape.type)
                writer.key("label")
                if let label = shape.label { writer.value(label) } else { writer.null() }
                writer.array("points") { writer in
                    // Tenths of a pixel are more than a thumbnail shows.
                    for value in shape.points { writer.value((value * 10).rounded() / 10) }
                }
            }
        }
    }
}
