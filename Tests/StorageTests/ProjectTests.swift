import TestSupport
import Testing

@testable import Storage

@Suite struct ProjectTests {
    @Test(arguments: Backend.available)
    func `a project's name is its own within a realm, and versions count from 0`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            let project = try await seed.project("my project/1", in: database)
            try await database.write { db throws in
                var other = project
                other.id = "other"
                #expect(try !db.insertProject(other))
                other.realm = seed.test
                #expect(try db.insertProject(other))
                #expect(try db.project(realm: seed.live, named: "my project/1") == project)
                #expect(try db.project(realm: seed.test, id: project.id) == nil)
                #expect(try db.addProjectVersion(project: project.id, params: "{}", at: Seed.start) == 0)
                #expect(
                    try db.addProjectVersion(project: project.id, params: "{\"a\":1}", at: Seed.start, by: "k") == 1)
                #expect(try db.projectVersions(project: project.id).map(\.version) == [0, 1])
                #expect(try db.projectVersion(project: project.id)?.params == "{\"a\":1}")
                #expect(try db.projectVersion(project: project.id, version: 0)?.params == "{}")
                #expect(try db.projectVersion(project: project.id, version: 2) == nil)
                #expect(try db.addOntology(project: project.id, name: "o", ontology: "[]", at: Seed.start) == 0)
                #expect(try db.addOntology(project: project.id, name: nil, ontology: "[1]", at: Seed.start) == 1)
                #expect(try db.ontologies(project: project.id).map(\.ontology) == ["[]", "[1]"])
                #expect(try db.setArchived(project: project.id, realm: seed.live, at: Seed.start))
                #expect(try db.projects(realm: seed.live, archived: true).map(\.id) == [project.id])
                #expect(try db.projects(realm: seed.live, archived: false).isEmpty)
                #expect(try db.projects(realm: seed.live).count == 1)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `versions added at once get numbers of their own`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            let project = try await seed.project("p", in: database)
            let versions = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        try await database.write {
                            try $0.addProjectVersion(project: project.id, params: "{}", at: Seed.start)
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(versions.sorted() == Array(0..<20))
        }
    }

    @Test(arguments: Backend.available)
    func `a batch goes from staging to completed`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            let project = try await seed.project("p", product: .rapid, in: database)
            let batch = try await seed.batch("b", of: project, status: .staging, in: database)
            let later = Seed.start.adding(seconds: 1)
            try await database.write { db throws in
                let (realm, id) = (seed.live, batch.id)
                var again = batch
                again.id = "again"
                #expect(try !db.insertBatch(again))
                let tasks = (0..<5).map { _ in seed.task(project: project.id, batch: id, stage: .staged) }
                for task in tasks { _ = try db.insertTask(task) }
                #expect(try !db.completeBatchIfDone(realm: realm, id: id, at: later))
                #expect(try db.setBatchStatus(realm: realm, id: id, from: .staging, to: .inProgress, at: later))
                #expect(try !db.setBatchStatus(realm: realm, id: id, from: .staging, to: .inProgress, at: later))
                let released = try db.releaseStagedTasks(realm: realm, batch: id, limit: 3, at: later)
                #expect(released.map(\.id) == tasks.prefix(3).map(\.id) && released[0].stage == .queued)
                #expect(try db.releaseStagedTasks(realm: realm, batch: id, limit: 3, at: later).count == 2)
                #expect(try db.releaseStagedTasks(realm: realm, batch: id, limit: 3, at: later).isEmpty)
                for task in tasks.dropFirst() {
                    _ = try db.finishTask(realm: realm, id: task.id, as: .completed, response: nil, at: later)
                }
                _ = try db.foldCounters(limit: 4)
                #expect(
                    try db.batchCounts(realm: realm, ids: [id, "x"])
                        == [id: StatusCounts(pending: 1, completed: 4), "x": StatusCounts()])
                #expect(try !db.completeBatchIfDone(realm: realm, id: id, at: later))
                _ = try db.finishTask(realm: realm, id: tasks[0].id, as: .canceled, response: nil, at: later)
                #expect(try db.completeBatchIfDone(realm: realm, id: id, at: later))
                #expect(try !db.completeBatchIfDone(realm: realm, id: id, at: later))
                let done = try #require(try db.batch(realm: realm, named: "b"))
                #expect(done.status == .completed && done.completedAt == later && done.project == "p")
            }
        }
    }

    @Test(arguments: Backend.available)
    func `batches are listed newest first and filtered`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            let (p, q) = (try await seed.project("p", in: database), try await seed.project("q", in: database))
            for number in 0..<6 {
                _ = try await seed.batch(
                    "b\(number)", of: number % 2 == 0 ? p : q, at: Seed.start.adding(seconds: Double(number)),
                    in: database)
            }
            try await database.write { db throws in
                let realm = seed.live
                func names(_ filter: BatchFilter, limit: Int = 10, offset: Int = 0) throws -> [String] {
                    let rows = try db.batches(realm: realm, filter: filter, limit: limit, offset: offset)
                    if offset == 0, limit == 10 {
                        #expect(try db.batchTotal(realm: realm, filter: filter) == rows.count)
                    }
                    return rows.map(\.name)
                }
                #expect(try names(BatchFilter()) == ["b5", "b4", "b3", "b2", "b1", "b0"])
                #expect(try names(BatchFilter(), limit: 2, offset: 3) == ["b2", "b1"])
                #expect(try names(BatchFilter(project: p.id)) == ["b4", "b2", "b0"])
                let from = Seed.start.adding(seconds: 2)
                #expect(try names(BatchFilter(created: TimeRange(from: from, through: from))) == ["b2"])
                let b0 = try #require(try db.batch(realm: realm, named: "b0"))
                _ = try db.setBatchStatus(realm: realm, id: b0.id, from: .inProgress, to: .completed, at: from)
                #expect(try names(BatchFilter(status: .completed)) == ["b0"])
                #expect(try names(BatchFilter(completed: TimeRange(from: from))) == ["b0"])
                #expect(try db.setBatchArchived(realm: realm, id: b0.id, at: from))
                #expect(try names(BatchFilter(excludeArchived: true)).count == 5)
                #expect(try db.setBatchAudited(realm: realm, id: b0.id, at: from))
                #expect(try names(BatchFilter(audited: TimeRange(through: from))) == ["b0"])
                #expect(try db.setBatchMetadata(realm: realm, id: b0.id, metadata: "{\"a\":1}", at: from))
                #expect(try db.batch(realm: realm, id: b0.id)?.metadata == "{\"a\":1}")
                try db.insertWorkItem(
                    NewWorkItem(id: "w", taskID: "t", realm: realm, batchID: b0.id, createdAt: Seed.start))
                #expect(try db.setBatchPriority(realm: realm, id: b0.id, priority: 30, at: from))
                #expect(try db.workItem(realm: realm, id: "w")?.priority == 30)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a studio's assignments, groups and order`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            let ann = try await seed.user("ann@x.org", in: database)
            let bob = try await seed.user("bob@x.org", in: database)
            let cid = try await seed.user("cid@x.org", state: .invited, in: database)
            let project = try await seed.project("p", product: .studio, in: database)
            let first = try await seed.batch("first", of: project, in: database)
            let calibration = try await seed.batch(
                "calibration", of: project, kind: .calibration, at: Seed.start.adding(seconds: 1), in: database)
            try await database.write { db throws in
                let realm = seed.live
                try db.assign(realm: realm, users: [ann, bob, cid], projects: [project.id], at: Seed.start)
                try db.assign(realm: realm, users: [ann], projects: [project.id], at: Seed.start)
                #expect(try db.assignments(realm: realm).map(\.email) == ["ann@x.org", "bob@x.org"])
                #expect(try db.assignedProjects(realm: realm, user: cid) == [project.id])
                try db.unassign(realm: realm, users: [bob], projects: [project.id])
                #expect(try db.assignments(realm: realm).map(\.project) == ["p"])

                let group = GroupRow(
                    id: "g1", realm: realm, projectID: project.id, name: "g", createdAt: Seed.start,
                    members: [GroupMember(userID: bob, email: "bob@x.org")])
                #expect(try db.insertGroup(group))
                var again = group
                again.id = "g2"
                #expect(try !db.insertGroup(again))
                try db.addGroupMembers(group: "g1", users: [ann, bob])
                #expect(
                    try db.group(project: project.id, named: "g")?.members.map(\.email) == ["ann@x.org", "bob@x.org"])
                try db.removeGroupMembers(group: "g1", users: [bob])
                #expect(try db.groups(project: project.id).first?.members.map(\.userID) == [ann])
                try db.setBatchGroups(batch: first.id, groups: ["g1"])
                #expect(try db.batchGroups(batches: [first.id, calibration.id])[first.id]?.map(\.name) == ["g"])
                try db.setBatchGroups(batch: first.id, groups: [])
                #expect(try db.batchGroups(batches: [first.id]).isEmpty)

                func order() throws -> [String] { try db.studioBatches(realm: realm).map(\.name) }
                #expect(try order() == ["calibration", "first"])
                try db.setStudioOrder(realm: realm, batches: [first.id, calibration.id], at: Seed.start)
                #expect(try order() == ["first", "calibration"])
                try db.resetStudioOrder(realm: realm, at: Seed.start)
                #expect(try order() == ["calibration", "first"])
            }
        }
    }

    @Test(arguments: Backend.available)
    func `files are found by id, reference and project`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            try await database.write { db throws in
                let realm = seed.live
                #expect(try db.register(object: "h", size: 5, at: Seed.start))
                func id(_ number: Int) -> String { "00000000-0000-4000-8000-00000000000\(number)" }
                for number in 0..<5 {
                    let file = FileRow(
                        id: id(number), realm: realm, hash: "h", name: "n", mime: "image/png", size: 5,
                        referenceID: "r\(number)", metadata: "{\"Site\":\"\(number)_%\"}", projects: ["p"],
                        state: .ready,
                        createdAt: Seed.start)
                    #expect(try db.insertFile(file))
                    #expect(try db.file(realm: realm, id: file.id) == file)
                }
                #expect(
                    try !db.insertFile(
                        FileRow(
                            id: id(9), realm: realm, hash: nil, name: "n", mime: "", size: 0, referenceID: "r1",
                            state: .waiting, createdAt: Seed.start)))
                #expect(try db.addFileProject(realm: realm, file: id(0), project: "q", at: Seed.start))
                #expect(try db.file(realm: realm, referenceID: "r0")?.projects == ["p", "q"])
                var seen: [String] = []
                var cursor: FileCursor?
                repeat {
                    let page = try db.files(realm: realm, project: "p", after: cursor, limit: 2)
                    seen += page.rows.map(\.id)
                    cursor = page.next.flatMap { FileCursor(token: $0.token) }
                } while cursor != nil
                #expect(seen == (0..<5).reversed().map(id))
                let found = try db.files(realm: realm, project: "p", metadataContains: "SITE\":\"3_%", limit: 10)
                #expect(found.rows.map(\.id) == [id(3)])
                #expect(try db.files(realm: realm, project: "p", metadataContains: "3%_", limit: 10).rows.isEmpty)
                #expect(
                    try db.setFile(
                        realm: realm, id: id(1), state: .failed, hash: nil, mime: "x/y", size: 0, at: Seed.start))
                #expect(try db.file(realm: realm, id: id(1))?.state == .failed)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `tasks with known answers are listed by kind`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            try await database.write { db throws in
                for (number, kind) in [QualityTaskRow.Kind.evaluation, .training, .evaluation].enumerated() {
                    let task = QualityTaskRow(
                        id: "q\(number)", realm: seed.live, kind: kind, type: "imageannotation", params: "{}",
                        expectedResponse: "{}", createdAt: Seed.start.adding(seconds: Double(number)))
                    try db.insertQualityTask(task)
                    #expect(try db.qualityTask(realm: seed.live, id: task.id) == task)
                }
                #expect(try db.qualityTasks(realm: seed.live, limit: 5).map(\.id) == ["q2", "q1", "q0"])
                #expect(
                    try db.qualityTasks(realm: seed.live, kind: .evaluation, limit: 1, offset: 1).map(\.id) == ["q0"])
            }
        }
    }
}
