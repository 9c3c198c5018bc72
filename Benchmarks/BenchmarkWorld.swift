import Storage

/// What the storage benchmarks fill a database with.
struct BenchmarkWorld: Sendable {
    let realm: Int64
    let project: ProjectRow
    let batches: [BatchRow]

    /// The creation time of the newest task of `fill`.
    let newest = Timestamp(milliseconds: 1_767_225_600_000)

    /// Milliseconds between the oldest and the newest task of `fill`.
    let span: Int64 = 20_000_000

    static func make(in database: any Database) async throws -> BenchmarkWorld {
        try await database.write { db in
            let now = Timestamp.now()
            let account = AccountRow(id: Identifier.make(now), name: "bench", createdAt: now)
            _ = try db.createAccount(account, realms: [NewRealm(mode: .live, callbackSecret: "c", signingSecret: "s")])
            let realm = try db.realms(account: account.id)[0].id
            let project = ProjectRow(
                id: Identifier.make(now), realm: realm, name: "project", type: "imageannotation", createdAt: now)
            _ = try db.insertProject(project)
            let batches = try (0..<10).map { number in
                let batch = BatchRow(
                    id: Identifier.make(now), realm: realm, name: "batch \(number)", projectID: project.id,
                    project: project.name, status: .inProgress, createdAt: now)
                _ = try db.insertBatch(batch)
                return batch
            }
            return BenchmarkWorld(realm: realm, project: project, batches: batches)
        }
    }

    /// About 1 KB, as a request for boxes on a picture with its defaults.
    static let params =
        #"{"attachment":"https://example.com/pictures/0123456789.jpg","attachment_type":"image","geometries":{"box":"#
        + #"{"objects_to_annotate":["car","truck","bus","person","bicycle","motorcycle","traffic light","stop sign"],"#
        + #""min_width":5,"min_height":5,"can_rotate":false,"integer_pixels":false},"polygon":{"objects_to_annotate":"#
        + #"["road","sidewalk","building"],"min_vertices":3,"max_vertices":200}},"annotation_attributes":{"occluded":"#
        + #"{"type":"category","description":"How much of the object is hidden?","choices":["0%","25%","50%","75%"],"#
        + #""allow_multiple":false,"required":true},"moving":{"type":"category","description":"Does the object move?","#
        + #""choices":["yes","no","unclear"],"conditions":{"label_condition":{"label":["car","truck","bus"]}}}},"#
        + #""padding":0,"with_labels":true,"note":"\#(String(repeating: "Label everything you see. ", count: 8))"}"#

    func task(unique: String) -> NewTask {
        let now = Timestamp.now()
        return NewTask(
            id: Identifier.make(now), realm: realm, type: "imageannotation", stage: .ingesting, projectID: project.id,
            batchID: batches[0].id, paramVersion: 0, uniqueID: unique, callbackURL: "https://example.com/callback",
            instruction: "Draw a box around every object.", params: Self.params, metadata: #"{"source":"bench"}"#,
            createdAt: now,
            attachments: [
                NewAttachment(path: "attachment", url: "https://example.com/pictures/0123456789.jpg", role: "image")
            ])
    }

    func job(_ task: NewTask) -> NewJob {
        NewJob(
            id: Identifier.make(task.createdAt), kind: "fetch_attachment", realm: realm, subject: task.id,
            payload: #"{"position":0}"#, runAt: task.createdAt)
    }

    func event(_ task: NewTask) -> NewEvent {
        NewEvent(
            realm: realm, at: task.createdAt, actor: "key:0123456789abcdef01234567", objectKind: "task",
            objectID: task.id, action: "created", after: #"{"status":"pending","type":"imageannotation"}"#)
    }

    /// Stores tasks of all statuses over a span of time: most completed, one in a thousand faulty.
    func fill(_ database: any Database, count: Int) async throws {
        let step = span * 1000 / Int64(count)
        let (realm, project, batches, newest) = (realm, project, batches, newest)
        for start in stride(from: 0, to: count, by: 1000) {
            try await database.write { db in
                for number in start..<min(start + 1000, count) {
                    let at = Timestamp(microseconds: newest.microseconds - Int64(count - 1 - number) * step)
                    let id = Identifier.make(at)
                    let status: TaskRow.Status =
                        number % 1000 == 7
                        ? .error : number % 100 == 3 ? .canceled : number % 5 == 0 ? .pending : .completed
                    let task = NewTask(
                        id: id, realm: realm, type: number % 3 == 0 ? "categorization" : "imageannotation",
                        status: status, stage: status == .pending ? .queued : .done, projectID: project.id,
                        batchID: batches[number % batches.count].id, uniqueID: "unique \(number)",
                        params: Self.params, tags: number % 2 == 0 ? ["even"] : [], createdAt: at,
                        completedAt: status == .completed ? at.adding(seconds: 600) : nil)
                    _ = try db.insertTask(task)
                    if status == .completed, number % 10 == 1 {
                        try db.insertAudit(
                            AuditRow(
                                id: Identifier.make(at), realm: realm, taskID: id, result: .accepted,
                                at: at.adding(seconds: 900)))
                    }
                }
                while try db.foldCounters() == 5000 {}
            }
        }
    }

    /// The filters that are measured; `*` marks those whose totals come from counters.
    func filters(count: Int) -> [(String, TaskFilter)] {
        let middle = newest.adding(milliseconds: -span / 2)
        let recent = newest.adding(milliseconds: -span / 1000)
        return [
            ("* no filter", TaskFilter()),
            ("* project", TaskFilter(projectID: project.id)),
            ("* batch", TaskFilter(batchID: batches[3].id)),
            ("* status completed", TaskFilter(status: .completed)),
            ("* status error", TaskFilter(status: .error)),
            ("* type", TaskFilter(type: "categorization")),
            ("* project, type, status", TaskFilter(projectID: project.id, type: "categorization", status: .pending)),
            ("created in half", TaskFilter(created: TimeRange(from: middle))),
            ("created in half of a project", TaskFilter(projectID: project.id, created: TimeRange(through: middle))),
            ("completed in half", TaskFilter(completed: TimeRange(from: middle))),
            ("completed in the other half", TaskFilter(completed: TimeRange(through: middle))),
            ("completed lately, project", TaskFilter(projectID: project.id, completed: TimeRange(from: recent))),
            (
                "updated ever, project and status",
                TaskFilter(
                    projectID: project.id, status: .completed, updated: TimeRange(from: Timestamp(microseconds: 0)))
            ),
            ("updated in half", TaskFilter(updated: TimeRange(from: middle))),
            ("reviewed", TaskFilter(reviews: [.accepted, .fixed])),
            ("tag on half of all", TaskFilter(tags: ["even"])),
            ("tag and status", TaskFilter(status: .completed, tags: ["even"])),
            ("unique ids", TaskFilter(uniqueIDs: ["unique 5", "unique 77", "unique 500"])),
        ]
    }

    /// Stores work to be claimed.
    func queue(_ database: any Database, count: Int) async throws {
        let (realm, project) = (realm, project)
        for start in stride(from: 0, to: count, by: 1000) {
            try await database.write { db in
                let now = Timestamp.now()
                for number in start..<min(start + 1000, count) {
                    try db.insertWorkItem(
                        NewWorkItem(
                            id: Identifier.make(now), taskID: "task \(number)", realm: realm, projectID: project.id,
                            priority: 10 * (number % 3 + 1), createdAt: now))
                }
            }
        }
    }
}
