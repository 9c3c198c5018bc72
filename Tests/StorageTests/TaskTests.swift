import TestSupport
import Testing

@testable import Storage

@Suite struct TaskTests {
    @Test(arguments: Backend.available)
    func `a task comes back as it was stored`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            let project = try await seed.project("kittens", in: database)
            let batch = try await seed.batch("first", of: project, in: database)
            var new = seed.task(
                project: project.id, batch: batch.id, uniqueID: "u", tags: ["b", "a"],
                attachments: [NewAttachment(path: "attachment", url: "https://example.com/a.png", role: "image")])
            new.paramVersion = 3
            new.priority = 20
            new.instruction = "Draw"
            new.callbackURL = "https://example.com/cb"
            new.metadata = #"{"a":1}"#
            let stored = new
            #expect(try await database.write { try $0.insertTask(stored) } == .inserted)
            let task = try #require(try await database.read { try $0.task(realm: seed.live, id: stored.id) })
            #expect(task.id == stored.id && task.type == stored.type && task.realm == seed.live)
            #expect(task.status == .pending && task.stage == .queued && task.attachmentsWaiting == 1)
            #expect(task.project == "kittens" && task.batch == "first" && task.paramVersion == 3 && task.priority == 20)
            #expect(task.uniqueID == "u" && task.tags == ["b", "a"] && task.instruction == "Draw")
            #expect(task.params == stored.params && task.metadata == stored.metadata && task.response == nil)
            #expect(task.createdAt == stored.createdAt && task.updatedAt == stored.createdAt && task.completedAt == nil)
            #expect(try await database.read { try $0.task(realm: seed.test, id: stored.id) } == nil)
            #expect(try await database.read { try $0.taskHead(realm: seed.live, id: stored.id) } == task.head)
        }
    }

    @Test(arguments: Backend.available)
    func `a unique id belongs to one task of a realm, until it is cleared`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            let (first, second) = (seed.task(uniqueID: "u"), seed.task(uniqueID: "u"))
            try await database.write { db throws in
                #expect(try db.insertTask(first) == .inserted)
                #expect(try db.insertTask(second) == .uniqueIDTaken(by: first.id))
                // Nothing of the second was stored.
                #expect(try db.task(realm: seed.live, id: second.id) == nil)
                #expect(try db.taskTotal(realm: seed.live, filter: TaskFilter()) == 1)
                var elsewhere = seed.task(uniqueID: "u")
                elsewhere.realm = seed.test
                #expect(try db.insertTask(elsewhere) == .inserted)
                let third = seed.task()
                _ = try db.insertTask(third)
                let later = Seed.start.adding(seconds: 1)
                #expect(
                    try db.setUniqueID(realm: seed.live, id: third.id, uniqueID: "u", at: later) == .takenBy(first.id))
                #expect(try db.setUniqueID(realm: seed.live, id: first.id, uniqueID: "u", at: later) == .set)
                #expect(try db.clearUniqueID(realm: seed.live, id: first.id, at: later))
                #expect(try db.setUniqueID(realm: seed.live, id: third.id, uniqueID: "u", at: later) == .set)
                #expect(try db.setUniqueID(realm: seed.live, id: "none", uniqueID: "v", at: later) == .missing)
                #expect(try db.taskID(realm: seed.live, uniqueID: "u") == third.id)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `of many creations with one unique id one succeeds and the others name it`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            let results = try await withThrowingTaskGroup(of: (String, TaskInsertion).self) { group in
                for _ in 0..<32 {
                    group.addTask {
                        let task = seed.task(uniqueID: "same")
                        return (task.id, try await database.write { try $0.insertTask(task) })
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let winner = try #require(results.first { $0.1 == .inserted }).0
            #expect(results.filter { $0.1 == .inserted }.count == 1)
            #expect(results.filter { $0.1 == .uniqueIDTaken(by: winner) }.count == 31)
            #expect(try await database.read { try $0.taskTotal(realm: seed.live, filter: TaskFilter()) } == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `an idempotency key is reserved once`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            let answers = try await database.write { db throws in
                func reserve(_ task: String) throws -> String? {
                    try db.reserveIdempotencyKey(realm: seed.live, key: "k", task: task, at: Seed.start)
                }
                let (first, second) = (try reserve("one"), try reserve("two"))
                let deleted = try db.deleteIdempotencyKeys(before: Seed.start.adding(seconds: 1))
                return (first, second, deleted, try reserve("two"))
            }
            #expect(answers == (nil, "one", 1, nil))
        }
    }

    @Test(arguments: Backend.available)
    func `a task ends once, and counts follow`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            let task = seed.task()
            let later = Seed.start.adding(seconds: 5)
            try await database.write { db throws in
                func total(_ status: TaskRow.Status) throws -> Int {
                    try db.taskTotal(realm: seed.live, filter: TaskFilter(status: status))
                }
                _ = try db.insertTask(task)
                #expect(try db.moveTask(realm: seed.live, id: task.id, to: .working, at: later))
                #expect(try db.startTask(realm: seed.live, id: task.id, at: later))
                #expect(try !db.startTask(realm: seed.live, id: task.id, at: later.adding(seconds: 1)))
                let done = try db.finishTask(
                    realm: seed.live, id: task.id, as: .completed, response: "{}", at: later)
                #expect(done?.status == .completed && done?.completedAt == later && done?.stage == .done)
                #expect(try db.taskHead(realm: seed.live, id: task.id) == done)
                #expect(
                    try db.finishTask(realm: seed.live, id: task.id, as: .canceled, response: nil, at: later) == nil)
                #expect(try !db.moveTask(realm: seed.live, id: task.id, to: .working, at: later))
                #expect(try (total(.pending), total(.completed)) == (0, 1))
                _ = try db.foldCounters()
                #expect(try db.reopenTask(realm: seed.live, id: task.id, stage: .queued, at: later))
                #expect(try (total(.pending), total(.completed)) == (1, 0))
                let failed = try db.finishTask(
                    realm: seed.live, id: task.id, as: .error, response: #"{"error":"x"}"#, at: later)
                #expect(failed?.completedAt == nil)
                #expect(try db.task(realm: seed.live, id: task.id)?.response == #"{"error":"x"}"#)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `pieces of a task are replaced`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            let task = seed.task(tags: ["a", "b"])
            let (id, realm) = (task.id, seed.live)
            let later = Seed.start.adding(seconds: 5)
            try await database.write { db throws in
                _ = try db.insertTask(task)
                #expect(try db.setMetadata(realm: realm, id: id, metadata: #"{"b":2}"#, at: later))
                #expect(try db.setTags(realm: realm, id: id, tags: ["c", "b"], at: later))
                #expect(try db.setCallbackState(realm: realm, id: id, .succeeded))
                #expect(try db.setTaskResponse(realm: realm, id: id, response: "[1]", extra: "{}", at: later))
                #expect(try !db.setMetadata(realm: seed.test, id: id, metadata: "{}", at: later))
                #expect(try !db.setTags(realm: seed.test, id: id, tags: [], at: later))
                let row = try #require(try db.task(realm: realm, id: id))
                #expect(row.metadata == #"{"b":2}"# && row.tags == ["c", "b"] && row.callbackState == .succeeded)
                #expect(row.response == "[1]" && row.extra == "{}" && row.updatedAt == later)
                func tagged(_ tag: String) throws -> Int {
                    try db.taskTotal(realm: realm, filter: TaskFilter(tags: [tag]))
                }
                #expect(try (tagged("a"), tagged("b"), tagged("c")) == (0, 1, 1))
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a verdict shows on task and batch`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            let project = try await seed.project("p", in: database)
            let batch = try await seed.batch("b", of: project, in: database)
            let task = seed.task(project: project.id, batch: batch.id)
            let later = Seed.start.adding(seconds: 5)
            try await database.write { db throws in
                _ = try db.insertTask(task)
                for (number, result) in [TaskRow.ReviewStatus.rejected, .accepted].enumerated() {
                    try db.insertAudit(
                        AuditRow(
                            id: Identifier.make(later), realm: seed.live, taskID: task.id, result: result,
                            comments: "c\(number)", by: "a@b.c", at: later.adding(seconds: Double(number)), seconds: 1.5
                        ))
                }
                let row = try #require(try db.taskHead(realm: seed.live, id: task.id))
                #expect(row.reviewStatus == .accepted && row.auditedBy == "a@b.c")
                #expect(try db.audits(realm: seed.live, tasks: [task.id]).map(\.comments) == ["c1", "c0"])
                #expect(try db.audits(realm: seed.live, tasks: [task.id])[0].seconds == 1.5)
                #expect(
                    try db.batch(realm: seed.live, id: batch.id)?.lastAuditedAt == later.adding(seconds: 1))
            }
        }
    }

    @Test(arguments: Backend.available)
    func `attachments count down, each once`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            let task = seed.task(
                stage: .ingesting,
                attachments: (0..<3).map {
                    NewAttachment(path: "attachments[\($0)]", url: "https://e/\($0)", role: "image")
                })
            let copy = StoredCopy(hash: "ff", mime: "image/png", width: 4, height: 3, size: 99, thumbnailHash: "ee")
            try await database.write { db throws in
                _ = try db.insertTask(task)
                for hash in ["ff", "ee"] { #expect(try db.register(object: hash, size: 1, at: Seed.start)) }
                func ready(_ position: Int) throws -> Int? {
                    try db.attachmentReady(realm: seed.live, task: task.id, position: position, copy, at: Seed.start)
                }
                #expect(try ready(0) == 2)
                #expect(try ready(0) == nil)
                #expect(try ready(2) == 1)
                #expect(
                    try db.attachmentFailed(
                        realm: seed.live, task: task.id, position: 1, statusCode: 404, error: "gone", at: Seed.start))
                #expect(try ready(1) == nil)
                let rows = try db.attachments(realm: seed.live, task: task.id)
                #expect(rows.map(\.state) == [.ready, .failed, .ready])
                #expect(rows[0].hash == "ff" && rows[0].width == 4 && rows[0].size == 99)
                #expect(rows[1].statusCode == 404 && rows[1].error == "gone")
                #expect(try db.attachment(realm: seed.live, task: task.id, position: 2)?.path == "attachments[2]")
                #expect(try db.attachment(realm: seed.test, task: task.id, position: 2) == nil)
            }
        }
    }
}
