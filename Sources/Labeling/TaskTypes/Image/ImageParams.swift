package import JSON

/// What is asked about one picture.
package struct ImageParams: Sendable {
    package var attachment: String
    package var contextAttachments: [String] = []
    package var geometries: Geometries
    package var attributes = Attributes.none
    package var links = LinkRules.none
    /// Pixels around the picture in which shapes may lie: left and right, top and bottom.
    package var paddingX = 0
    package var paddingY = 0
    /// A response to start from.
    package var hypothesis: RawJSON?
    package var base: BaseAnnotations?
    /// Whether annotations carry labels; only older types may do without.
    package var withLabels = true
    /// How many annotations there must and may be; nil for no limit.
    package var minAnnotations = 0
    package var maxAnnotations: Int?
    /// Whether the response consists of the annotations alone, as with the older types.
    package var isLegacy = false
    /// The rules in force for answers.
    package var rules = RuleBook.all

    package init(attachment: String, geometries: Geometries) {
        self.attachment = attachment
        self.geometries = geometries
    }

    /// The size of the picture, once it is known.
    func size(_ facts: [AttachmentFacts]) -> (width: Int, height: Int)? {
        guard let fact = facts.first(where: { $0.path == "attachment" }), let width = fact.width,
            let height = fact.height
        else { return nil }
        return (width, height)
    }

    /// The files: the picture and those shown beside it.
    var requests: [AttachmentRequest] {
        [AttachmentRequest(path: "attachment", url: attachment, kind: .picture)]
            + contextAttachments.enumerated().map { index, url in
                AttachmentRequest(
                    path: "context_attachments[\(index)].attachment", url: url, role: .context, kind: .picture)
            }
    }
}

/// Members that several task types share.
enum SharedFields {
    static let attachmentMissing = "Please include an attachment or attachments parameter."

    /// An address to fetch: anything with a scheme, such as `https://…` or `scaledata://…`.
    static let url = Schema<String>(.string(length: 1...8192, format: "uri")) { value, reader in
        guard let text = value.string, (1...8192).contains(text.utf8.count), hasScheme(text) else {
            reader.report(value, "must be a URL")
            return nil
        }
        return text
    }

    /// Whether a text starts as a URL does.
    static func hasScheme(_ text: String) -> Bool {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), colon > text.utf8.startIndex,
            text.utf8.index(after: colon) < text.utf8.endIndex
        else { return false }
        // Keys of buckets stand behind these as they are, blanks and all.
        let mayHaveBlanks = ["s3", "gs"].contains(text[..<colon].lowercased())
        return text.utf8[..<colon].allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "+-.".utf8.contains(byte)
        } && !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x20 && !mayHaveBlanks })
    }

    static let picture = RequiredField("attachment", url, "The picture.", missing: attachmentMissing)

    private static let contextAttachment = RequiredField("attachment", url, "The picture.")
    static let contextAttachments = Field(
        "context_attachments",
        .array(
            of: .object("ContextAttachment", [contextAttachment]) { object in object(contextAttachment) },
            count: 0...100),
        default: [], shownAs: "[]", "Pictures shown beside the task's own; nothing is drawn on them.")

    static let attributes = Field(
        "annotation_attributes", Attributes.schema, default: [], shownAs: "{}", "What is asked about each annotation.")

    /// A response, whose inside is checked once the rest of the parameters is known.
    static let hypothesis = OptionalField("hypothesis", .anyObject(), "A response to start from.")

    static let attachmentIsImage = OptionalField("attachment_type", .oneOf(["image"]), "Always `image`.")

    /// Colours of labels, for the editor alone.
    static let labelColors = OptionalField(
        "label_colors",
        Schema<[(key: String, value: String)]>.dictionary(of: color),
        "The colours that people see, by label; labels without one get a colour of the palette.")

    private static let color = Schema<String>(.string(length: 7...7, format: nil)) { value, reader in
        guard let text = value.string, text.utf8.count == 7, text.utf8.first == UInt8(ascii: "#"),
            text.utf8.dropFirst().allSatisfy({ "0123456789abcdefABCDEF".utf8.contains($0) })
        else {
            reader.report(value, "must be a colour such as #1f77b4")
            return nil
        }
        return text
    }

    /// Members with an explicit null count as absent.
    static func member(_ name: String, of object: ObjectReader) -> JSONValue? {
        object.object[name].flatMap { $0.isNull ? nil : $0 }
    }
}
