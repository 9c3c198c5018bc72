import JSON

/// Checks a response about spans of a text.
struct EntityCheck {
    let params: NamedEntityRecognition.Params
    let strictness: Strictness
    let reader: JSONReader

    private var judge: Judge { Judge(strictness, reader) }

    func run(_ response: JSONValue) {
        guard response.isObject else {
            reader.report(response, "must be an object")
            return
        }
        guard let spans = response["annotations"], !spans.isNull else {
            reader.report(response, member: "annotations", "is required")
            return
        }
        guard spans.isArray else {
            reader.report(spans, "must be an array")
            return
        }
        let ids = Seen()
        var seen: Set<[String]> = []
        var labels: [String: String?] = [:]
        for span in spans.elements {
            guard span.isObject else {
                reader.report(span, "must be an object")
                continue
            }
            judge.inTurn(IdentityRules.all, IdentityRules.Subject(object: span, member: "id", seen: ids))
            if let id = span["id"]?.string { labels[id] = .some(span["label"]?.string) }
            check(span, seen: &seen)
        }
        relations(response["relationships"], labels: labels)
        params.global.check(
            response, member: "global_attributes", label: nil, judge: judge)
    }

    private func check(_ span: JSONValue, seen: inout Set<[String]>) {
        guard let label = label(span) else { return }
        if let (start, end) = range(span) {
            if !seen.insert([String(start), String(end), label.name]).inserted {
                reader.report(span, "repeats an earlier span with the same label")
            }
            if let text = span["text"], !text.isNull, text.string != EntityWriter.slice(params.text, start, end) {
                reader.report(text, "must be the text from `start` to `end`, counted in UTF-16 code units")
            }
        }
        label.attributes.check(span, member: "attributes", label: label.name, judge: judge)
    }

    private func label(_ span: JSONValue) -> EntityLabel? {
        guard let value = span["label"], !value.isNull else {
            reader.report(span, member: "label", "is required")
            return nil
        }
        guard let name = value.string else {
            reader.report(value, "must be a string")
            return nil
        }
        guard let label = params.label(name) else {
            reader.report(value, "\(JSONWriter.quoted(name)) is not a label of this task")
            return nil
        }
        return label
    }

    private func range(_ span: JSONValue) -> (start: Int, end: Int)? {
        func offset(_ name: String) -> Int? {
            guard let value = span[name], !value.isNull else {
                reader.report(span, member: name, "is required")
                return nil
            }
            guard let offset = value.int else {
                reader.report(value, "must be an integer")
                return nil
            }
            return offset
        }
        guard let start = offset("start"), let end = offset("end") else { return nil }
        let units = params.text.utf16
        guard start >= 0, start < units.count else {
            reader.report(span, member: "start", "must be between 0 and \(units.count - 1)")
            return nil
        }
        guard end > start, end <= units.count else {
            reader.report(span, member: "end", "must be greater than `start` and at most \(units.count)")
            return nil
        }
        for (name, offset) in [("start", start), ("end", end)] where offset < units.count {
            let index = units.index(units.startIndex, offsetBy: offset)
            if UTF16.isTrailSurrogate(units[index]) {
                reader.report(span, member: name, "must not split a character in two")
                return nil
            }
        }
        return (start, end)
    }

    // MARK: Relations

    private func relations(_ value: JSONValue?, labels: [String: String?]) {
        guard let value, !value.isNull else { return }
        guard value.isArray else {
            reader.report(value, "must be an array")
            return
        }
        let ids = Seen()
        var seen: Set<[String]> = []
        for relation in value.elements {
            guard relation.isObject else {
                reader.report(relation, "must be an object")
                continue
            }
            judge.inTurn(IdentityRules.all, IdentityRules.Subject(object: relation, member: "id", seen: ids))
            check(relation, labels: labels, seen: &seen)
        }
    }

    private func check(_ relation: JSONValue, labels: [String: String?], seen: inout Set<[String]>) {
        let name = relation["name"].flatMap { $0.isNull ? nil : $0 }
        if params.relations.areNamed {
            let names = params.relations.names
            guard let name = name?.string, names.contains(name) else {
                reader.report(relation, member: "name", "must be one of \(names.joined(separator: ", "))")
                return
            }
        } else if name != nil {
            reader.report(relation, member: "name", "must be left out: relationships of this task are unnamed")
            return
        }
        var ends: [(id: String, label: String)] = []
        for member in ["source_ref", "target_ref"] {
            guard let id = relation[member]?.string else {
                reader.report(relation, member: member, "must be the id of an annotation")
                return
            }
            guard let label = labels[id] else {
                reader.report(
                    relation, member: member, "refers to the annotation \(JSONWriter.quoted(id)), which does not exist")
                return
            }
            // An unlabelled end is reported at the annotation.
            guard let label else { return }
            ends.append((id, label))
        }
        guard ends[0].id != ends[1].id else {
            reader.report(relation, member: "target_ref", "must differ from `source_ref`")
            return
        }
        let rule = params.relations.rule(name: name?.string, from: ends[0].label, to: ends[1].label, in: params)
        guard let rule else {
            let pair = "from \(JSONWriter.quoted(ends[0].label)) to \(JSONWriter.quoted(ends[1].label))"
            reader.report(relation, "must not lead \(pair)")
            return
        }
        let ids = ends.map(\.id)
        let key = [name?.string ?? ""] + (rule.isDirected ? ids : ids.sorted())
        if !seen.insert(key).inserted { reader.report(relation, "repeats an earlier relationship") }
    }
}
