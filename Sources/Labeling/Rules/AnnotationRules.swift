import JSON

/// What is demanded of a response about a picture and of each annotation in it.
enum AnnotationRules {
    struct Count {
        let annotations: JSONValue
        let params: ImageParams
    }

    struct Described {
        let annotation: JSONValue
        let params: ImageParams
    }

    struct Labelled {
        let annotation: JSONValue
        let label: String
        let geometry: Geometry
        let params: ImageParams
    }

    static let response: [Rule<JSONValue>] = [
        Rule("a response is an object") { $0.isObject ? nil : Fault($0, complaint: "must be an object") },
        Rule("a response has annotations") {
            $0.isObject && $0.given("annotations") == nil ? Fault($0, "annotations", complaint: "is required") : nil
        },
        Rule("annotations are a list") { response in
            guard let annotations = response.given("annotations"), !annotations.isArray else { return nil }
            return Fault(annotations, complaint: "must be an array")
        },
    ]

    static let count: [Rule<Count>] = [
        Rule("there are enough annotations", onSubmit: true) { subject in
            let least = subject.params.minAnnotations
            guard subject.annotations.count < least else { return nil }
            return Fault(subject.annotations, complaint: "must have at least \(least) annotations")
        },
        Rule("there are not too many annotations", onSubmit: true) { subject in
            guard let most = subject.params.maxAnnotations, subject.annotations.count > most else { return nil }
            return Fault(subject.annotations, complaint: "must have at most \(most) annotations")
        },
    ]

    static let annotation: [Rule<JSONValue>] = [
        Rule("an annotation is an object") { $0.isObject ? nil : Fault($0, complaint: "must be an object") }
    ]

    static let label: [Rule<Described>] = [
        Rule("an annotation has a label where there are labels") { subject in
            guard subject.params.withLabels, subject.annotation.given("label") == nil else { return nil }
            return Fault(subject.annotation, "label", complaint: "is required")
        },
        Rule("a label is a text") { subject in
            guard let label = subject.annotation.given("label"), !label.isString else { return nil }
            return Fault(label, complaint: "must be a string")
        },
    ]

    static let type: [Rule<Described>] = [
        Rule("an annotation names its geometry, except of older types") { subject in
            guard !subject.params.isLegacy, subject.annotation.given("type") == nil else { return nil }
            return Fault(subject.annotation, "type", complaint: "is required")
        },
        Rule("a geometry is one of the task") { subject in
            let allowed = subject.params.geometries.allowed
            guard let type = subject.annotation.given("type"),
                !allowed.contains(where: { $0.rawValue == type.string })
            else { return nil }
            let words = allowed.map(\.rawValue).joined(separator: ", ")
            return Fault(type, complaint: allowed.count == 1 ? "must be \(words)" : "must be one of \(words)")
        },
    ]

    static let labelOfShape: [Rule<Labelled>] = [
        Rule("a label belongs to the geometry") { subject in
            let geometries = subject.params.geometries
            guard geometries[subject.geometry]?.labels.contains(subject.label) == false else { return nil }
            let complaint =
                geometries.labels.contains(subject.label)
                ? "is not a label of \(subject.geometry.rawValue) annotations" : "is not a label of this task"
            return Fault(
                subject.annotation, "label", complaint: "\(JSONWriter.quoted(subject.label)) \(complaint)")
        }
    ]

    static let names: [String] = [
        response.map(\.name), count.map(\.name), annotation.map(\.name), label.map(\.name), type.map(\.name),
        labelOfShape.map(\.name),
    ].flatMap { $0 }
}
