/// A use case: tasks of one type with common parameters.
package struct ProjectRow: Sendable, Equatable {
    /// Under which set of rules the project's batches live.
    package enum Product: String, SQLConvertible {
        case standard, rapid, studio
    }

    package var id: String
    package var realm: Int64
    package var name: String
    package var type: String
    package var product: Product
    package var pipeline: String?
    package var consensusAttempts: Int?
    package var datasetID: String?
    package var createdBy: String?
    package var createdAt: Timestamp
    package var archivedAt: Timestamp?

    package init(
        id: String, realm: Int64, name: String, type: String, product: Product = .standard, pipeline: String? = nil,
        consensusAttempts: Int? = nil, datasetID: String? = nil, createdBy: String? = nil, createdAt: Timestamp,
        archivedAt: Timestamp? = nil
    ) {
        self.id = id
        self.realm = realm
        self.name = name
        self.type = type
        self.product = product
        self.pipeline = pipeline
        self.consensusAttempts = consensusAttempts
        self.datasetID = datasetID
        self.createdBy = createdBy
        self.createdAt = createdAt
        self.archivedAt = archivedAt
    }
}

extension ProjectRow: RowDecodable {
    static let columns: SQL = """
        id, realm, name, type, product, pipeline, consensus_attempts, dataset_id, created_by, created_at, archived_at
        """

    package init(_ reader: inout RowReader) throws {
        id = try reader.text()
        realm = try reader.int64()
        name = try reader.text()
        type = try reader.text()
        product = try reader.word()
        pipeline = try reader.optionalText()
        consensusAttempts = try reader.optionalInt()
        datasetID = try reader.optionalText()
        createdBy = try reader.optionalText()
        createdAt = try reader.time()
        archivedAt = try reader.optionalTime()
    }
}

/// The parameters a project gave to its tasks from some time on.
package struct ProjectVersionRow: Sendable, Equatable, RowDecodable {
    static let columns: SQL = "project_id, version, params, created_at, created_by"

    package var projectID: String

    /// From 0.
    package var version: Int

    /// A JSON object.
    package var params: String
    package var createdAt: Timestamp
    package var createdBy: String?

    package init(projectID: String, version: Int, params: String, createdAt: Timestamp, createdBy: String?) {
        self.projectID = projectID
        self.version = version
        self.params = params
        self.createdAt = createdAt
        self.createdBy = createdBy
    }

    package init(_ reader: inout RowReader) throws {
        projectID = try reader.text()
        version = try reader.int()
        params = try reader.text()
        createdAt = try reader.time()
        createdBy = try reader.optionalText()
    }
}

/// A project's ontology from some time on.
package struct OntologyRow: Sendable, Equatable, RowDecodable {
    static let columns: SQL = "project_id, version, name, ontology, created_at"

    package var projectID: String

    /// From 0.
    package var version: Int
    package var name: String?

    /// A JSON array.
    package var ontology: String
    package var createdAt: Timestamp

    package init(_ reader: inout RowReader) throws {
        projectID = try reader.text()
        version = try reader.int()
        name = try reader.optionalText()
        ontology = try reader.text()
        createdAt = try reader.time()
    }
}

extension Connection {
    /// Stores a project; false if the name is taken.
    package func insertProject(_ project: ProjectRow) throws -> Bool {
        try execute(
            """
            INSERT INTO projects (\(ProjectRow.columns))
            VALUES (\(project.id), \(project.realm), \(project.name), \(project.type), \(project.product),
                \(project.pipeline), \(project.consensusAttempts), \(project.datasetID), \(project.createdBy),
                \(project.createdAt), \(project.archivedAt))
            ON CONFLICT (realm, name) DO NOTHING
            """) > 0
    }

    /// The project of a name.
    package func project(realm: Int64, named name: String) throws -> ProjectRow? {
        try first("SELECT \(ProjectRow.columns) FROM projects WHERE realm = \(realm) AND name = \(name)")
    }

    /// A project.
    package func project(realm: Int64, id: String) throws -> ProjectRow? {
        try first("SELECT \(ProjectRow.columns) FROM projects WHERE id = \(id) AND realm = \(realm)")
    }

    /// All projects, only the archived ones, or only the others; oldest first.
    package func projects(realm: Int64, archived: Bool? = nil) throws -> [ProjectRow] {
        var condition: SQL = ""
        if let archived { condition = archived ? " AND archived_at IS NOT NULL" : " AND archived_at IS NULL" }
        return try all(
            """
            SELECT \(ProjectRow.columns) FROM projects WHERE realm = \(realm)\(condition) ORDER BY created_at, id
            """)
    }

    /// Archives a project, or with nil takes it back.
    @discardableResult
    package func setArchived(project: String, realm: Int64, at: Timestamp?) throws -> Bool {
        try execute("UPDATE projects SET archived_at = \(at) WHERE id = \(project) AND realm = \(realm)") > 0
    }

    /// Keeps other writers from a project's versions and ontologies until the transaction ends.
    private func lockProject(_ id: String) throws {
        _ = try query("SELECT id FROM projects WHERE id = \(id) \(only: .postgres, "FOR UPDATE")")
    }

    /// Adds a version of a project's parameters; returns its number.
    @discardableResult
    package func addProjectVersion(project: String, params: String, at: Timestamp, by: String? = nil) throws -> Int {
        try lockProject(project)
        let version = try integer(
            "SELECT COALESCE(MAX(version), -1) + 1 FROM project_versions WHERE project_id = \(project)")
        try execute(
            """
            INSERT INTO project_versions (project_id, version, params, created_at, created_by)
            VALUES (\(project), \(version), \(params), \(at), \(by))
            """)
        return version
    }

    /// A project's versions, oldest first.
    package func projectVersions(project: String) throws -> [ProjectVersionRow] {
        try projectVersions(projects: [project])
    }

    /// The versions of some projects, by project and oldest first.
    package func projectVersions(projects: [String]) throws -> [ProjectVersionRow] {
        try all(
            """
            SELECT \(ProjectVersionRow.columns) FROM project_versions WHERE project_id IN \(list: projects)
            ORDER BY project_id, version
            """)
    }

    /// The number of a project's latest version; -1 if it has none.
    package func latestVersionNumber(project: String) throws -> Int {
        try integer("SELECT COALESCE(MAX(version), -1) FROM project_versions WHERE project_id = \(project)")
    }

    /// One version of a project, or with nil its latest.
    package func projectVersion(project: String, version: Int? = nil) throws -> ProjectVersionRow? {
        var condition: SQL = ""
        if let version { condition = " AND version = \(version)" }
        return try first(
            """
            SELECT \(ProjectVersionRow.columns) FROM project_versions WHERE project_id = \(project)\(condition)
            ORDER BY version DESC LIMIT 1
            """)
    }

    /// Adds an ontology to a project; returns its number.
    @discardableResult
    package func addOntology(project: String, name: String?, ontology: String, at: Timestamp) throws -> Int {
        try lockProject(project)
        let version = try integer(
            "SELECT COALESCE(MAX(version), -1) + 1 FROM project_ontologies WHERE project_id = \(project)")
        try execute(
            """
            INSERT INTO project_ontologies (project_id, version, name, ontology, created_at)
            VALUES (\(project), \(version), \(name), \(ontology), \(at))
            """)
        return version
    }

    /// A project's ontologies, oldest first.
    package func ontologies(project: String) throws -> [OntologyRow] {
        try ontologies(projects: [project])
    }

    /// The ontologies of some projects, by project and oldest first.
    package func ontologies(projects: [String]) throws -> [OntologyRow] {
        try all(
            """
            SELECT \(OntologyRow.columns) FROM project_ontologies WHERE project_id IN \(list: projects)
            ORDER BY project_id, version
            """)
    }
}
