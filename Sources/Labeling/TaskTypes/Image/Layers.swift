import Geometry
import JSON

/// Read-only drawings under the annotations.
///
/// Checked and handed to the editor as they came; they appear in no response.
enum Layers {
    private static let kinds: [(name: String, geometry: Geometry)] = [
        ("boxes", .box), ("lines", .line), ("cuboids", .cuboid), ("polygons", .polygon),
    ]

    private static let figure = Schema<RawJSON>.anyObject()
    private static let fields: [OptionalField<[RawJSON]>] = [
        OptionalField("boxes", .array(of: figure), "Boxes as in responses."),
        OptionalField("lines", .array(of: figure), "Lines as in responses."),
        OptionalField("cuboids", .array(of: figure), "Cuboids as in responses; the six named vertices are enough."),
        OptionalField("polygons", .array(of: figure), "Polygons as in responses."),
    ]

    static let field = OptionalField(
        "layers",
        Schema<Bool>.object("Layers", fields) { object in
            for (field, kind) in zip(fields, kinds) {
                guard object(field) != nil, let elements = object.object[kind.name]?.elements else { continue }
                for element in elements where element.isObject {
                    _ = Figure.read(kind.geometry, element, object.reader)
                }
            }
            return true
        }, "Drawings shown under the annotations; they cannot be selected.")
}
