/// How long what nobody uses is kept.
package struct Retention: Sendable {
    /// Days after which an uploaded file goes that no task has named; nil if it stays for good.
    package var unusedFileDays: Int?

    /// Hours for which an object is kept after it was put, though nothing refers to it yet.
    package var objectHours: Int

    /// Hours without a further byte after which an upload that is not whole is forgotten.
    package var uploadHours: Int

    package init(unusedFileDays: Int? = 30, objectHours: Int = 24, uploadHours: Int = 7 * 24) {
        self.unusedFileDays = unusedFileDays
        self.objectHours = objectHours
        self.uploadHours = uploadHours
    }
}
