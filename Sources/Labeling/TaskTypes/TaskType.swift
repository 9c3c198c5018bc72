package import JSON

/// What one kind of task asks for and how its answer is put together: values, of which ``TaskTypes`` has the list.
package protocol TaskType: Sendable {
    associatedtype Params: Sendable

    /// The word on the wire, such as `imageannotation`.
    var name: String { get }
    /// Older words for the same.
    var aliases: [String] { get }
    /// One sentence for the contract.
    var summary: String { get }
    /// The editor that shows it.
    var editor: Editor { get }
    /// Whether a task needs an instruction, its own or its project's.
    var requiresInstruction: Bool { get }
    /// Whether evaluation and training tasks of this type may be made.
    var supportsQualityTasks: Bool { get }
    /// Whether a task shows the sizes of the pages it is about.
    var showsPages: Bool { get }
    /// Whether projects of this type describe what a task must bring along.
    var hasTemplate: Bool { get }

    /// The merged parameters: their shape, meaning and description. Unknown members at the top are passed over.
    var schema: Schema<Params> { get }
    /// Members that are stored when absent, with their values in JSON.
    var defaults: [(name: String, json: String)] { get }
    /// Completes what is stored beyond ``defaults``, through the reader.
    func complete(_ merged: JSONValue, reader: JSONReader, makeID: () -> String)

    /// The files to fetch before work begins.
    func attachments(of params: Params) -> [AttachmentRequest]
    /// What the editor gets in place of the stored parameters, in JSON; nil when it gets those.
    func editorParams(stored: String) throws -> String?
    /// The document that work starts from: what the hypothesis or the base annotations hand in.
    func initialDocument(of params: Params, makeID: () -> String) throws -> Document
    /// Writes the response that a document amounts to, in JSON; whether it is right is for ``check(_:for:facts:strictness:reader:)``.
    func response(from document: OpenDocument, for params: Params, facts: [AttachmentFacts]) -> String
    /// Checks a response, wherever it comes from.
    func check(
        _ response: JSONValue, for params: Params, facts: [AttachmentFacts], strictness: Strictness, reader: JSONReader)
    /// What is worth knowing of a response although it is right.
    func warnings(about response: JSONValue, for params: Params) -> [SubmissionIssue]
    /// Puts together what several people have answered unseen of each other.
    func merge(_ answers: [Answer], for params: Params, facts: [AttachmentFacts], makeID: () -> String) throws -> Merge
    /// The answer of tasks made in test mode, in JSON; nil for none.
    func cannedResponse(for params: Params, makeID: () -> String) throws -> String?
}

extension TaskType {
    package var aliases: [String] { [] }
    package var requiresInstruction: Bool { false }
    package var supportsQualityTasks: Bool { false }
    package var showsPages: Bool { false }
    package var hasTemplate: Bool { false }
    package var defaults: [(name: String, json: String)] { [] }
    package func complete(_ merged: JSONValue, reader: JSONReader, makeID: () -> String) {}
    package func editorParams(stored: String) throws -> String? { nil }
    package func initialDocument(of params: Params, makeID: () -> String) throws -> Document { Document() }
    package func warnings(about response: JSONValue, for params: Params) -> [SubmissionIssue] { [] }
}

/// The kinds of editors in the web UI.
package enum Editor: String, Sendable, CaseIterable {
    case image, form, text, document

    /// The collections of objects that its documents have.
    package var collections: [String] {
        switch self {
        case .image: ["annotations", "attributes", "links"]
        case .form: ["answers", "fields", "rows"]
        case .text: ["annotations", "relationships", "attributes"]
        case .document: ["annotations"]
        }
    }
}

/// How strictly a response is checked.
package enum Strictness: Sendable {
    /// Names and shapes must be right; things may be missing or too small.
    case draft
    /// Everything must be right.
    case submit
}

/// A file that a task refers to.
package struct AttachmentRequest: Sendable, Equatable {
    package enum Role: String, Sendable {
        case primary, context
    }

    /// What the file must turn out to be.
    package enum Kind: String, Sendable {
        case picture, document, video, audio, any
    }

    /// Where the address stands in the parameters, such as `attachments[2]`.
    package let path: String
    package let url: String
    package let role: Role
    package let kind: Kind

    package init(path: String, url: String, role: Role = .primary, kind: Kind) {
        self.path = path
        self.url = url
        self.role = role
        self.kind = kind
    }
}

/// What is known of a fetched file.
package struct AttachmentFacts: Sendable, Equatable {
    package let path: String
    /// Pixels, upright; nil for what has none.
    package let width: Int?
    package let height: Int?
    package let mimeType: String?
    package let pages: Int

    package init(path: String, width: Int? = nil, height: Int? = nil, mimeType: String? = nil, pages: Int = 1) {
        self.path = path
        self.width = width
        self.height = height
        self.mimeType = mimeType
        self.pages = pages
    }
}
