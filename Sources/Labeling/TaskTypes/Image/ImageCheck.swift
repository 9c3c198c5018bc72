import Geometry
import JSON

/// Checks a response about a picture.
struct ImageCheck {
    let params: ImageParams
    let facts: [AttachmentFacts]
    private let judge: Judge

    init(params: ImageParams, facts: [AttachmentFacts], strictness: Strictness, reader: JSONReader) {
        self.params = params
        self.facts = facts
        judge = Judge(strictness, reader, params.rules)
    }

    func run(_ response: JSONValue) {
        guard judge.inTurn(AnnotationRules.response, response), let annotations = response.given("annotations"),
            annotations.isArray
        else { return }
        let labels = labelsByUUID(annotations)
        let bounds = params.size(facts).map { size in
            Box(
                left: -Double(params.paddingX), top: -Double(params.paddingY),
                width: Double(size.width + 2 * params.paddingX), height: Double(size.height + 2 * params.paddingY))
        }
        let uuids = Seen()
        for annotation in annotations.elements {
            guard judge.all(AnnotationRules.annotation, annotation), annotation.isObject else { continue }
            judge.inTurn(
                IdentityRules.all, IdentityRules.Subject(object: annotation, member: "uuid", seen: uuids))
            check(annotation, bounds: bounds, labels: labels)
        }
        judge.all(AnnotationRules.count, AnnotationRules.Count(annotations: annotations, params: params))
        params.attributes.global.check(
            response, member: "global_attributes", label: nil, judge: judge, labelOf: { labels[$0] })
        LinkChecks.check(response, params: params, labels: labels, judge: judge)
        if judge.strictness == .submit, let base = params.base {
            judge.all(
                BaseRules.all,
                BaseRules.Subject(annotations: annotations, base: base, writer: ImageWriter(params: params)))
        }
    }

    private func labelsByUUID(_ annotations: JSONValue) -> [String: String?] {
        var labels: [String: String?] = [:]
        for annotation in annotations.elements {
            if let uuid = annotation["uuid"]?.string { labels[uuid] = .some(annotation["label"]?.string) }
        }
        return labels
    }

    private func check(_ annotation: JSONValue, bounds: Box?, labels: [String: String?]) {
        let described = AnnotationRules.Described(annotation: annotation, params: params)
        judge.inTurn(AnnotationRules.label, described)
        judge.inTurn(AnnotationRules.type, described)
        let label = annotation["label"]?.string
        if let geometry = geometry(annotation), let rules = params.geometries[geometry] {
            if let label {
                judge.inTurn(
                    AnnotationRules.labelOfShape,
                    AnnotationRules.Labelled(annotation: annotation, label: label, geometry: geometry, params: params))
            }
            if let figure = Figure.read(geometry, annotation, judge) {
                LimitRules.check(figure, rules, annotation, judge)
                let isPadded = params.paddingX > 0 || params.paddingY > 0
                judge.all(
                    LimitRules.inside,
                    LimitRules.Placed(figure: figure, annotation: annotation, bounds: bounds, isPadded: isPadded))
            }
        }
        params.attributes.local.check(
            annotation, member: "attributes", label: label, judge: judge, labelOf: { labels[$0] })
    }

    /// The annotation's geometry if the task has it; answers of the older types name none, as there is only one.
    private func geometry(_ annotation: JSONValue) -> Geometry? {
        let allowed = params.geometries.allowed
        guard let type = annotation.given("type") else { return params.isLegacy ? allowed.first : nil }
        return allowed.first { $0.rawValue == type.string }
    }
}
