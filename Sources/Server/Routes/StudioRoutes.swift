import HTTPTypes
import JSON
import Labeling
import Storage
import Work

/// Who works on what: the Studio endpoints of the annotation API.
struct StudioRoutes {
    let studio: StudioOperations

    var endpoints: [Endpoint] {
        [
            assignments, assign("add", ends: false), assign("remove", ends: true), groups, createGroup, updateGroup,
            renameGroup, removeGroup,
            batches, setGroups, setPriorities, resetPriorities,
        ]
    }

    // MARK: Assignments

    private struct Assignment: Sendable {
        let emails: [String]
        let projects: [String]
    }

    private static let names = Schema.array(of: Schema<String>.string(length: 1...1000), count: 0...1000)
    private static let emails = RequiredField("emails", TeamRoutes.emailList, "Who.")
    private static let projects = RequiredField("projects", names, "Projects by name.")
    private static let assignment = Schema<Assignment>.object(
        "Assignment", [emails, projects], unknown: .ignore
    ) { object in
        let emails = object(Self.emails)
        let projects = object(Self.projects)
        return emails.flatMap { emails in projects.map { Assignment(emails: emails, projects: $0) } }
    }

    private var assignments: Endpoint {
        .json(
            .get, "/v1/studio/assignments", "studio", .permitted(.studioRead), "Lists projects by person.",
            answers: Wire.assignments
        ) { call in
            Self.reply(try await studio.assignments(by: call.actor))
        }
    }

    private func assign(_ word: String, ends: Bool) -> Endpoint {
        .json(
            .post, "/v1/studio/assignments/\(word)", "studio", .permitted(.studioWrite),
            ends ? "Takes people off projects." : "Assigns people to projects.", body: Self.assignment,
            answers: Wire.assignments
        ) { call, body in
            Self.reply(try await studio.assign(body.emails, to: body.projects, ends: ends, by: call.actor))
        }
    }

    private static func reply(_ rows: [AssignmentRow]) -> Reply {
        let byEmail = Dictionary(grouping: rows, by: \.email)
        return .object { writer in
            for (email, rows) in byEmail.sorted(by: { $0.key < $1.key }) {
                writer.key(email)
                writer.array { writer in rows.forEach { writer.value($0.project) } }
            }
        }
    }

    // MARK: Groups

    private static let groupName = RequiredField("name", .string(length: 1...1000), "Unique in the project.")
    private static let newGroup = Schema<(String, [String])>.object(
        "NewGroup", [emails, groupName], unknown: .ignore
    ) { object in
        let emails = object(Self.emails)
        let name = object(groupName)
        return name.flatMap { name in emails.map { (name, $0) } }
    }

    private static let someEmails = Schema.array(of: Schema<String>.string(length: 1...254), count: 0...1000)
    private static let add = Field("add_emails", someEmails, default: [], "Who comes in.")
    private static let remove = Field("remove_emails", someEmails, default: [], "Who goes out.")
    private static let groupChange = Schema<([String], [String])>.object(
        "GroupChange", [add, remove], unknown: .ignore
    ) { object in (object(add), object(remove)) }

    private var groups: Endpoint {
        .json(
            .get, "/v1/studio/projects/{project}/groups", "studio", .permitted(.studioRead),
            "Lists a project's groups.",
            answers: Wire.list(of: Wire.group)
        ) { call in
            let groups = try await studio.groups(of: call.parameter("project"), by: call.actor)
            var writer = JSONWriter()
            writer.array { writer in groups.forEach { $0.write(to: &writer) } }
            return .json(writer)
        }
    }

    private var createGroup: Endpoint {
        .json(
            .post, "/v1/studio/projects/{project}/groups", "studio", .permitted(.studioWrite), "Creates a group.",
            body: Self.newGroup, answers: Wire.group
        ) { call, body in
            Self.reply(
                try await studio.createGroup(body.0, body.1, in: call.parameter("project"), by: call.actor))
        }
    }

    private var updateGroup: Endpoint {
        .json(
            .put, "/v1/studio/projects/{project}/groups/{group}", "studio", .permitted(.studioWrite),
            "Changes who is in a group.", body: Self.groupChange, answers: Wire.group
        ) { call, body in
            Self.reply(
                try await studio.updateGroup(
                    call.parameter("group"), in: call.parameter("project"), add: body.0, remove: body.1, by: call.actor)
            )
        }
    }

    private static let rename = Schema<String>.object("GroupName", [groupName]) { $0(groupName) }

    private var renameGroup: Endpoint {
        .json(
            .patch, "/api/projects/{project}/groups/{group}", "studio", .permitted(.studioWrite),
            "Gives a group another name; batches that are kept for it stay so.", body: Self.rename, answers: Wire.group
        ) { call, name in
            Self.reply(
                try await studio.renameGroup(
                    call.parameter("group"), to: name, in: call.parameter("project"), by: call.actor))
        }
    }

    private var removeGroup: Endpoint {
        .json(
            .delete, "/api/projects/{project}/groups/{group}", "studio", .permitted(.studioWrite),
            "Dissolves a group; refused while a batch that is not completed is kept for it alone.", answers: Wire.empty
        ) { call in
            try await studio.removeGroup(call.parameter("group"), in: call.parameter("project"), by: call.actor)
            return .object { _ in }
        }
    }

    private static func reply(_ group: GroupRow) -> Reply {
        var writer = JSONWriter()
        group.write(to: &writer)
        return .json(writer)
    }

    // MARK: Batches

    private static let groupNames = RequiredField("groups", names, "Groups by name, or people by e-mail address.")
    private static let groupsBody = Schema<[String]>.object("BatchGroups", [groupNames], unknown: .ignore) {
        $0(groupNames)
    }

    private static let batchName = RequiredField("name", .string(length: 1...1000), "A batch's name.")
    private static let named = Schema<String>.object("BatchName", [batchName], unknown: .ignore) { $0(batchName) }
    private static let ordered = OptionalField("batches", .array(of: named, count: 0...10_000), "All pending batches.")
    /// The published Node client sends the list under this name.
    private static let orderedElsewhere = OptionalField("groups", .array(of: named, count: 0...10_000), "The same.")
    private static let order = Schema<[String]>.object(
        "BatchOrder", [ordered, orderedElsewhere], unknown: .ignore
    ) { object in
        guard let names = object(ordered) ?? object(orderedElsewhere) else {
            object.reader.report(object.object, member: "batches", "is required")
            return nil
        }
        return names
    }

    private var batches: Endpoint {
        .json(
            .get, "/v1/studio/batches", "studio", .permitted(.studioRead),
            "Lists batches that are not completed, in the order of work.", answers: Wire.list(of: Wire.studioBatch)
        ) { call in
            Self.reply(try await studio.batches(by: call.actor))
        }
    }

    private var setGroups: Endpoint {
        .json(
            .put, "/v1/studio/batches/{batch}", "studio", .permitted(.studioWrite), "Sets who works on a batch.",
            body: Self.groupsBody, answers: Wire.studioBatch
        ) { call, groups in
            var writer = JSONWriter()
            try await studio.setGroups(groups, of: call.parameter("batch"), by: call.actor).write(to: &writer)
            return .json(writer)
        }
    }

    private var setPriorities: Endpoint {
        .json(
            .post, "/v1/studio/batches/set_priorities", "studio", .permitted(.studioWrite),
            "Puts all pending batches in an order.", body: Self.order, answers: Wire.list(of: Wire.studioBatch)
        ) { call, names in
            Self.reply(try await studio.setOrder(names, by: call.actor))
        }
    }

    private var resetPriorities: Endpoint {
        .json(
            .post, "/v1/studio/batches/reset_priorities", "studio", .permitted(.studioWrite),
            "Puts all pending batches in the default order.", answers: Wire.list(of: Wire.studioBatch)
        ) { call in
            Self.reply(try await studio.setOrder(nil, by: call.actor))
        }
    }

    private static func reply(_ batches: [StudioBatch]) -> Reply {
        var writer = JSONWriter()
        writer.array { writer in batches.forEach { $0.write(to: &writer) } }
        return .json(writer)
    }
}
