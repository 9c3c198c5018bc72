package import JSON

/// What a task type makes of merged parameters.
package struct PreparedTask: Sendable {
    package let type: any TaskType
    /// The parameters as they are stored: numbers for numeric strings, defaults filled in.
    package let params: String
    package let attachments: [AttachmentRequest]
}

/// A response made of a document, with what is wrong with it.
package struct Submission: Sendable, Equatable {
    /// In JSON.
    package let response: String
    package let issues: [SubmissionIssue]
    /// What is worth knowing of the response although it can be submitted.
    package var warnings: [SubmissionIssue] = []
}

/// One thing that keeps a document from being submitted.
package struct SubmissionIssue: Sendable, Equatable {
    /// Where in the response, such as `annotations[3].vertices`.
    package let path: String
    package let message: String
    /// The key of the object or answer in the document, so that the editor can go there; nil if there is none.
    package let key: String?
}

/// What callers do with a task type without knowing its parameters' type.
extension TaskType {
    /// Texts of our own store may be larger than what clients may send at once.
    private static var storedLimits: JSONLimits { JSONLimits(bytes: 256 << 20, depth: 256) }

    /// Checks merged parameters and composes what is stored; nil when there are issues, which are in the reader.
    ///
    /// `merged` must be the root of its text. `makeID` makes ids for base annotations that were sent without.
    package func prepare(_ merged: JSONValue, reader: JSONReader, makeID: () -> String) -> PreparedTask? {
        let before = reader.issues.count
        let params = schema(merged, reader)
        guard let params, reader.issues.count == before else { return nil }
        complete(merged, reader: reader, makeID: makeID)
        let missing = defaults.filter { merged[$0.name] == nil }
        if !missing.isEmpty {
            reader.insert(missing.map { "\"\($0.name)\":\($0.json)" }.joined(separator: ","), into: merged)
        }
        return PreparedTask(type: self, params: reader.normalized(merged), attachments: attachments(of: params))
    }

    /// Checks merged parameters given as text.
    ///
    /// - Throws: `JSONFault` if the text is no JSON, `Issues` if the parameters are wrong.
    package func prepare(_ merged: String, makeID: () -> String) throws -> PreparedTask {
        try JSONDocument.read(merged) { value in
            let reader = JSONReader()
            let prepared = prepare(value, reader: reader, makeID: makeID)
            try reader.finish()
            guard let prepared else { throw Issues("", "The parameters cannot be used.") }
            return prepared
        }
    }

    /// Reads stored parameters.
    package func params(stored: String) throws -> Params {
        try JSONDocument.read(stored, limits: Self.storedLimits) { value in
            let reader = JSONReader()
            let params = schema(value, reader)
            try reader.finish()
            guard let params else { throw Issues("", "The stored parameters cannot be used.") }
            return params
        }
    }

    /// See ``attachments(of:)``.
    package func attachments(stored: String) throws -> [AttachmentRequest] {
        attachments(of: try params(stored: stored))
    }

    /// See ``initialDocument(of:makeID:)``.
    package func initialDocument(stored: String, makeID: () -> String) throws -> Document {
        try initialDocument(of: try params(stored: stored), makeID: makeID)
    }

    /// See ``cannedResponse(for:makeID:)``.
    package func cannedResponse(stored: String, makeID: () -> String) throws -> String? {
        try cannedResponse(for: try params(stored: stored), makeID: makeID)
    }

    /// Builds the response of a document and checks it as for submission.
    package func submission(of document: Document, stored: String, facts: [AttachmentFacts]) throws -> Submission {
        try submission(of: document, for: try params(stored: stored), facts: facts)
    }

    /// Builds the response of a document and checks it as for submission.
    package func submission(of document: Document, for params: Params, facts: [AttachmentFacts]) throws -> Submission {
        let response = try JSONDocument.read(document.json, limits: Self.storedLimits) { root in
            self.response(
                from: OpenDocument(root, secondsSpent: document.secondsSpent), for: params, facts: facts)
        }
        return try JSONDocument.read(response, limits: Self.storedLimits) { value -> Submission in
            let reader = JSONReader()
            check(value, for: params, facts: facts, strictness: .submit, reader: reader)
            let issues = reader.issues.map {
                SubmissionIssue(path: $0.path, message: $0.message, key: IssueKey.find(in: value, path: $0.path))
            }
            return Submission(response: response, issues: issues, warnings: warnings(about: value, for: params))
        }
    }

    /// Checks a response that came from outside, such as the expected one of an evaluation task.
    ///
    /// It may stand inside a larger text, whose paths the issues then carry.
    package func check(
        _ response: JSONValue, stored: String, facts: [AttachmentFacts] = [], strictness: Strictness, reader: JSONReader
    ) throws {
        check(response, for: try params(stored: stored), facts: facts, strictness: strictness, reader: reader)
    }

    /// The parameters as people who label may see them: addresses of attachments are null.
    package func labelerParams(stored: String) throws -> String {
        let requests = try attachments(stored: stored)
        return try JSONDocument.read(stored, limits: Self.storedLimits) { root in
            let reader = JSONReader()
            for request in requests {
                if let value = IssueKey.value(at: request.path, in: root) { reader.replace(value, with: "null") }
            }
            return reader.normalized(root)
        }
    }
}

/// Finds which object of a document an issue is about.
enum IssueKey {
    /// The id of the object that the path leads through, or else the name of the answer.
    static func find(in response: JSONValue, path: String) -> String? {
        let steps = steps(path)
        guard let first = steps.first else { return nil }
        guard steps.count > 1 else { return first.name }
        guard let container = value(first, in: response), let second = value(steps[1], in: container) else {
            return steps[1].name ?? first.name
        }
        if container.isArray { return second["uuid"]?.string ?? second["id"]?.string ?? first.name }
        return steps[1].name
    }

    /// The value at a path; nil when there is none.
    static func value(at path: String, in root: JSONValue) -> JSONValue? {
        steps(path).reduce(root) { value, step in value.flatMap { self.value(step, in: $0) } }
    }

    private enum Step {
        case member(String)
        case element(Int)

        var name: String? {
            if case .member(let name) = self { name } else { nil }
        }
    }

    private static func value(_ step: Step, in value: JSONValue) -> JSONValue? {
        switch step {
        case .member(let name): value[name]
        case .element(let index): value.elements.dropFirst(index).first(where: { _ in true })
        }
    }

    /// Takes apart what `JSONPath` writes.
    private static func steps(_ path: String) -> [Step] {
        var result: [Step] = []
        var rest = Substring(path)
        while let character = rest.first {
            if character == "." {
                rest.removeFirst()
            } else if rest.hasPrefix("[\"") {
                guard let end = rest.firstRange(of: "\"]") else { return result }
                // Names with quotes or backslashes are not found, which only costs the jump to the place.
                result.append(.member(String(rest[rest.index(rest.startIndex, offsetBy: 2)..<end.lowerBound])))
                rest = rest[end.upperBound...]
            } else if character == "[" {
                guard let end = rest.firstIndex(of: "]"), let index = Int(rest.dropFirst()[..<end]) else {
                    return result
                }
                result.append(.element(index))
                rest = rest[rest.index(after: end)...]
            } else {
                let end = rest.firstIndex { $0 == "." || $0 == "[" } ?? rest.endIndex
                result.append(.member(String(rest[..<end])))
                rest = rest[end...]
            }
        }
        return result
    }
}
