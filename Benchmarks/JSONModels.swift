import JSON

/// A creation request as clients send it, for both ways of reading.
struct CreateTask: Codable, Equatable, Sendable {
    var project: String?
    var callbackURL: String?
    var instruction: String?
    var attachment: String
    var uniqueID: String?
    var priority: Int?
    var tags: [String]?
    var geometries: Geometries
    var attributes: [String: Attribute]?

    enum CodingKeys: String, CodingKey {
        case project, instruction, attachment, priority, tags, geometries
        case callbackURL = "callback_url"
        case uniqueID = "unique_id"
        case attributes = "annotation_attributes"
    }
}

struct Geometries: Codable, Equatable, Sendable {
    var box: Geometry?
    var polygon: Geometry?
    var line: Geometry?
}

struct Geometry: Codable, Equatable, Sendable {
    var labels: [String]
    var minimumWidth: Double?
    var minimumHeight: Double?
    var minimumVertices: Int?
    var maximumVertices: Int?
    var canRotate: Bool?

    enum CodingKeys: String, CodingKey {
        case labels = "objects_to_annotate"
        case minimumWidth = "min_width"
        case minimumHeight = "min_height"
        case minimumVertices = "min_vertices"
        case maximumVertices = "max_vertices"
        case canRotate = "can_rotate"
    }
}

struct Attribute: Codable, Equatable, Sendable {
    var type: Kind?
    var description: String?
    var choices: [String]?
    var allowMultiple: Bool?
    var conditions: Conditions?

    enum Kind: String, Codable, CaseIterable, Sendable {
        case category, number, text, boolean, datetime
    }

    struct Conditions: Codable, Equatable, Sendable {
        var labels: LabelCondition

        struct LabelCondition: Codable, Equatable, Sendable {
            var label: [String]
        }

        enum CodingKeys: String, CodingKey {
            case labels = "label_condition"
        }
    }

    enum CodingKeys: String, CodingKey {
        case type, description, choices, conditions
        case allowMultiple = "allow_multiple"
    }
}

/// The answer to a picture with boxes.
struct Response: Codable, Equatable, Sendable {
    var annotations: [Box]
}

struct Box: Codable, Equatable, Sendable {
    var uuid: String
    var type: Kind
    var label: String
    var left: Double
    var top: Double
    var width: Double
    var height: Double
    var rotation: Double?
    var attributes: Answers

    enum Kind: String, Codable, CaseIterable, Sendable {
        case box, polygon, line, point, ellipse, cuboid
    }

    struct Answers: Codable, Equatable, Sendable {
        var occluded: String?
        var lane: Int?
        var parked: Bool?
    }
}

// MARK: Declarations

// They stand here and not in module JSON, as those of the task types do: calls across modules are part of the cost.

extension CreateTask {
    private static let project = OptionalField("project", .string(length: 1...100), "The project's name.")
    private static let callbackURL = OptionalField("callback_url", .string(length: 1...2000), "Where results go.")
    private static let instruction = OptionalField("instruction", .string(length: 0...100_000), "Markdown.")
    private static let attachment = RequiredField("attachment", .string(length: 1...10_000), "The picture.")
    private static let uniqueID = OptionalField("unique_id", .string(length: 1...500), "The client's own id.")
    private static let priority = OptionalField("priority", .integer(0...30), "Higher comes first.")
    private static let tags = OptionalField("tags", .array(of: .string(length: 1...100)), "Free words.")
    private static let geometries = RequiredField("geometries", Geometries.schema, "What is drawn.")
    private static let attributes = OptionalField(
        "annotation_attributes",
        Schema.dictionary(of: Attribute.schema).map { Dictionary(uniqueKeysWithValues: $0.map { ($0.key, $0.value) }) },
        "What is asked about each object.")

    static let schema = Schema<CreateTask>.object(
        "CreateTask",
        [project, callbackURL, instruction, attachment, uniqueID, priority, tags, geometries, attributes]
    ) { read in
        let project = read(project)
        let callbackURL = read(callbackURL)
        let instruction = read(instruction)
        let attachment = read(attachment)
        let geometries = read(geometries)
        let attributes = read(attributes)
        let uniqueID = read(uniqueID)
        let priority = read(priority)
        let tags = read(tags)
        guard let attachment, let geometries else { return nil }
        return CreateTask(
            project: project, callbackURL: callbackURL, instruction: instruction, attachment: attachment,
            uniqueID: uniqueID, priority: priority, tags: tags, geometries: geometries, attributes: attributes)
    }
}

extension Geometries {
    private static let box = OptionalField("box", Geometry.schema, "Boxes.")
    private static let polygon = OptionalField("polygon", Geometry.schema, "Polygons.")
    private static let line = OptionalField("line", Geometry.schema, "Lines.")

    static let schema = Schema<Geometries>.object("Geometries", [box, polygon, line]) { read in
        Geometries(box: read(box), polygon: read(polygon), line: read(line))
    }
}

extension Geometry {
    private static let labels = RequiredField(
        "objects_to_annotate", .array(of: .string(length: 1...200), count: 1...10_000), "The labels.")
    private static let minimumWidth = OptionalField("min_width", .number(.nonNegative), "In pixels.")
    private static let minimumHeight = OptionalField("min_height", .number(.nonNegative), "In pixels.")
    private static let minimumVertices = OptionalField("min_vertices", .integer(0...10_000), "At least so many.")
    private static let maximumVertices = OptionalField("max_vertices", .integer(0...10_000), "At most so many.")
    private static let canRotate = OptionalField("can_rotate", .bool, "Whether boxes may be turned.")

    static let schema = Schema<Geometry>.object(
        "Geometry", [labels, minimumWidth, minimumHeight, minimumVertices, maximumVertices, canRotate]
    ) { read in
        guard let labels = read(labels) else { return nil }
        return Geometry(
            labels: labels, minimumWidth: read(minimumWidth), minimumHeight: read(minimumHeight),
            minimumVertices: read(minimumVertices), maximumVertices: read(maximumVertices), canRotate: read(canRotate))
    }
}

extension Attribute {
    private static let type = OptionalField("type", Schema<Kind>.cases, "What is answered.")
    private static let description = OptionalField("description", .string(), "The question.")
    private static let choices = OptionalField("choices", .array(of: .string(length: 1...200)), "The answers.")
    private static let allowMultiple = OptionalField("allow_multiple", .bool, "Whether several may be chosen.")
    private static let conditions = OptionalField("conditions", Conditions.schema, "When it is asked.")

    static let schema = Schema<Attribute>.object(
        "Attribute", [type, description, choices, allowMultiple, conditions]
    ) { read in
        Attribute(
            type: read(type), description: read(description), choices: read(choices),
            allowMultiple: read(allowMultiple), conditions: read(conditions))
    }
}

extension Attribute.Conditions {
    private static let label = RequiredField("label", .array(of: .string()), "One of these.")
    private static let labels = RequiredField(
        "label_condition",
        Schema<LabelCondition>.object("LabelCondition", [label]) { read in read(label).map { LabelCondition(label: $0) }
        },
        "The object's label.")

    static let schema = Schema<Attribute.Conditions>.object("Conditions", [labels]) { read in
        read(labels).map { Attribute.Conditions(labels: $0) }
    }
}

extension Response {
    private static let annotations = RequiredField("annotations", .array(of: Box.schema), "The boxes.")

    static let schema = Schema<Response>.object("Response", [annotations]) { read in
        read(annotations).map { Response(annotations: $0) }
    }
}

extension Box {
    private static let uuid = RequiredField("uuid", .string(length: 1...100), "Its id.")
    private static let type = RequiredField("type", Schema<Kind>.cases, "Its geometry.")
    private static let label = RequiredField("label", .string(length: 1...200), "Its label.")
    private static let left = RequiredField("left", .number(), "In pixels.")
    private static let top = RequiredField("top", .number(), "In pixels.")
    private static let width = RequiredField("width", .number(.nonNegative), "In pixels.")
    private static let height = RequiredField("height", .number(.nonNegative), "In pixels.")
    private static let rotation = OptionalField("rotation", .number(), "In radians.")
    private static let attributes = Field("attributes", Answers.schema, default: Answers(), "The answers.")

    static let schema = Schema<Box>.object(
        "Box", [uuid, type, label, left, top, width, height, rotation, attributes]
    ) { read in
        let uuid = read(uuid)
        let type = read(type)
        let label = read(label)
        let left = read(left)
        let top = read(top)
        let width = read(width)
        let height = read(height)
        let rotation = read(rotation)
        let attributes = read(attributes)
        guard let uuid, let type, let label, let left, let top, let width, let height else { return nil }
        return Box(
            uuid: uuid, type: type, label: label, left: left, top: top, width: width, height: height,
            rotation: rotation, attributes: attributes)
    }
}

extension Box.Answers {
    private static let occluded = OptionalField("occluded", .string(length: 1...200), "How much.")
    private static let lane = OptionalField("lane", .integer(), "From the right.")
    private static let parked = OptionalField("parked", .bool, "Whether it stands.")

    static let schema = Schema<Box.Answers>.object("Answers", [occluded, lane, parked]) { read in
        Box.Answers(occluded: read(occluded), lane: read(lane), parked: read(parked))
    }
}
