import JSON

/// What is demanded of annotations that were handed in with the task.
enum BaseRules {
    /// The annotations of a response beside the base annotations.
    struct Subject {
        let annotations: JSONValue
        let base: BaseAnnotations
        /// Brings base annotations into the form of a response, so that like is compared with like.
        let writer: ImageWriter

        /// The submitted annotations by uuid.
        var submitted: [String: JSONValue] {
            Dictionary(
                annotations.elements.compactMap { annotation in annotation["uuid"]?.string.map { ($0, annotation) } },
                uniquingKeysWith: { first, _ in first })
        }

        /// The faults of base annotations that are still there, each beside what it was.
        func compared(_ faults: (_ original: JSONValue, _ annotation: JSONValue, _ uuid: String) -> [Fault]) -> [Fault]
        {
            let submitted = submitted
            return base.entries.flatMap { entry -> [Fault] in
                guard let annotation = submitted[entry.uuid] else { return [] }
                do {
                    return try JSONDocument.read(entry.annotation.text) { faults($0, annotation, entry.uuid) }
                } catch {
                    return [Fault(annotation, complaint: "cannot be compared with its base annotation")]
                }
            }
        }
    }

    static let all: [Rule<Subject>] = [
        Rule("nothing is added to base annotations where nothing may be") { (subject: Subject) -> [Fault] in
            guard !subject.base.canAdd else { return [] }
            let known = Set(subject.base.entries.map(\.uuid))
            return subject.annotations.elements.compactMap { annotation in
                guard let uuid = annotation["uuid"]?.string, !known.contains(uuid) else { return nil }
                return Fault(annotation, complaint: "must not be added: this task takes no further annotations")
            }
        },
        Rule("base annotations stay where they may not be deleted") { (subject: Subject) -> [Fault] in
            guard !subject.base.canDelete else { return [] }
            let submitted = subject.submitted
            return subject.base.entries.filter { submitted[$0.uuid] == nil }.map { entry in
                let uuid = JSONWriter.quoted(entry.uuid)
                return Fault(subject.annotations, complaint: "must still contain the base annotation \(uuid)")
            }
        },
        Rule("locked base annotations stay as they were") { (subject: Subject) -> [Fault] in
            guard !subject.base.canEdit else { return [] }
            return subject.compared { original, annotation, uuid in
                changes(of: annotation, from: original, uuid, subject.writer)
            }
        },
        Rule("labels of base annotations stay where they are locked") { (subject: Subject) -> [Fault] in
            guard subject.base.canEdit, !subject.base.canEditLabels else { return [] }
            return subject.compared { original, annotation, _ in
                guard !JSONEquality.equal(original["label"], annotation["label"]) else { return [] }
                return [
                    Fault(
                        annotation, "label", complaint: "must not be changed: labels of base annotations are locked")
                ]
            }
        },
    ]

    private static func changes(
        of annotation: JSONValue, from original: JSONValue, _ uuid: String, _ writer: ImageWriter
    ) -> [Fault] {
        var text = JSONWriter()
        writer.annotation(DocumentObject(key: uuid, value: original), to: &text)
        // Corners and edges follow from the rest.
        var derived: Set<String> = ["edges", "points_2d", "points_3d"]
        if original["left"] != nil { derived.insert("vertices") }
        do {
            return try JSONDocument.read(text.text) { answered in
                answered.members.compactMap { member in
                    guard !derived.contains(member.name), !JSONEquality.equal(member.value, annotation[member.name])
                    else { return nil }
                    return Fault(
                        annotation, member.name, complaint: "must not be changed: base annotations are locked")
                }
            }
        } catch {
            return [Fault(annotation, complaint: "cannot be compared with its base annotation")]
        }
    }
}
