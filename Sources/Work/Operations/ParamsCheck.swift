package import JSON
package import Labeling

/// What a project's parameters are worth without a task: what is wrong with them, and what each task has to bring.
package struct ParamsCheck: Sendable, Equatable {
    /// By the path in the parameters.
    package let issues: [Issue]
    /// Members that no task can do without and that the parameters lack.
    package let leftToTasks: [String]
    /// The parameters as a task would store them, with stand-ins for what it has to bring; nil if they cannot be used.
    let stored: String?

    /// Checks parameters as if a task came that brings what they lack.
    package init(_ params: JSONValue, of type: any TaskType) throws {
        let reader = JSONReader()
        let standIns = StandIns(for: type, lacking: params)
        let merged = try JSONDocument.read(standIns.json) { ParameterMerge.merge(request: $0, project: params) }
        let prepared = try JSONDocument.read(merged) {
            type.prepare($0, reader: reader, makeID: WorkEnvironment.makeUUID)
        }
        var left = standIns.names
        var found: [Issue] = []
        for issue in reader.issues {
            if params[issue.path]?.isNull ?? true, !issue.path.isEmpty,
                !issue.path.contains(where: { ".[".contains($0) })
            {
                if !left.contains(issue.path) { left.append(issue.path) }
            } else {
                found.append(issue)
            }
        }
        if let instruction = params["instruction"], !instruction.isNull, !instruction.isString {
            found.append(Issue(path: "instruction", message: "`instruction` must be a string."))
        } else if type.requiresInstruction, params["instruction"]?.string?.isEmpty ?? true {
            left.append("instruction")
        }
        issues = found
        leftToTasks = left
        stored = prepared?.params
    }
}

/// Values for required members that are not there, so that the rest can be checked.
private struct StandIns {
    var names: [String] = []
    var json = "{}"

    init(for type: any TaskType, lacking params: JSONValue) {
        guard case .object(_, let fields, _) = type.shape else { return }
        var writer = JSONWriter()
        writer.object { writer in
            for field in fields where field.isRequired && (params[field.name.text]?.isNull ?? true) {
                guard let value = Self.value(of: field.shape) else { continue }
                writer.key(field.name.text)
                writer.raw(value)
                names.append(field.name.text)
            }
        }
        json = writer.text
    }

    /// A text that is an address too, or some of them.
    private static func value(of shape: Shape) -> String? {
        switch shape {
        case .string: #""https://example.com/data""#
        case .array(of: .string, let count):
            "[" + (0..<max(1, count.lowerBound)).map { #""https://example.com/\#($0)""# }.joined(separator: ",") + "]"
        default: nil
        }
    }
}

extension TaskType {
    /// The form of the merged parameters.
    fileprivate var shape: Shape { schema.shape }
}
