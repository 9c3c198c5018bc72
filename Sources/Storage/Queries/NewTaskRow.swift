extension TaskRow {
    /// The row that a new task is going to be, so that its creator need not read it back.
    ///
    /// - Parameters:
    ///   - task: What is inserted.
    ///   - project: The name of its project.
    ///   - batch: The name of its batch.
    package init(_ task: NewTask, project: String?, batch: String?) {
        head = TaskHead(
            id: task.id, realm: task.realm, type: task.type, status: task.status, stage: task.stage,
            projectID: task.projectID, batchID: task.batchID, paramVersion: task.paramVersion, priority: task.priority,
            uniqueID: task.uniqueID, clearUniqueIDOnError: task.clearUniqueIDOnError, callbackURL: task.callbackURL,
            callbackState: nil, createdAt: task.createdAt, updatedAt: task.createdAt, startedAt: nil,
            completedAt: task.completedAt, reviewStatus: nil, auditedAt: nil, auditedBy: nil,
            attachmentsWaiting: task.attachments.count)
        self.project = project
        self.batch = batch
        instruction = task.instruction
        params = task.params
        metadata = task.metadata
        tags = task.tags
        response = task.response
        extra = task.extra
    }
}
