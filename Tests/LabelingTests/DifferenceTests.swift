import JSON
import Labeling
import Testing

struct DifferenceTests {
    @Test(
        arguments: [
            (#"{"a":1}"#, #"{"a":1.0}"#, []),
            (#"{"a":1,"b":{"c":2}}"#, #"{"b":{"c":3},"d":4}"#, ["removed a", "changed b.c", "added d"]),
            // Labels go by their names: one in front of the others does not make all of them look different.
            (
                #"{"objects_to_annotate":["car","dog"]}"#, #"{"objects_to_annotate":["cat","car","dog"]}"#,
                ["added objects_to_annotate[cat]"]
            ),
            (
                #"{"o":[{"choice":"car","display":"Car"},{"choice":"dog"}]}"#,
                #"{"o":[{"choice":"car","display":"Auto"}]}"#, ["changed o[car].display", "removed o[dog]"]
            ),
            (
                #"{"o":["vehicle",{"choice":"animal","subchoices":["dog"]}]}"#,
                #"{"o":["vehicle",{"choice":"animal","subchoices":["dog","cat"]}]}"#,
                ["added o[animal].subchoices[cat]"]
            ),
            (#"{"o":["a","b"]}"#, #"{"o":["b","a"]}"#, ["changed o"]),
            // Without names of their own, elements go by their places.
            (#"{"p":[1,2,3]}"#, #"{"p":[1,5]}"#, ["changed p[1]", "removed p[2]"]),
            (#"{"p":["a","a"]}"#, #"{"p":["a","a","a"]}"#, ["added p[2]"]),
            (#"{"a":[1]}"#, #"{"a":{"b":1}}"#, ["changed a"]),
            (#"{"a b":1}"#, #"{"a b":2}"#, [#"changed ["a b"]"#]),
        ] as [(String, String, [String])])
    func `differences tell where and how`(_ before: String, _ after: String, _ expected: [String]) throws {
        let found = try JSONDocument.read(before) { before in
            try JSONDocument.read(after) { ParamsDifferences.between(before, $0) }
        }
        #expect(found.map { "\($0.kind.rawValue) \($0.path)" } == expected)
    }

    @Test func `a difference keeps both values as they were written`() throws {
        let found = try JSONDocument.read(#"{"a":{"x":[1, 2]},"b":1}"#) { before in
            try JSONDocument.read(#"{"a":7,"c":"new"}"#) { ParamsDifferences.between(before, $0) }
        }
        #expect(found.map(\.before) == [#"{"x":[1, 2]}"#, "1", nil])
        #expect(found.map(\.after) == ["7", nil, #""new""#])
    }
}

struct CalibrationTests {
    @Test(
        arguments: [
            (CalibrationTally(), .labelling, nil),
            (CalibrationTally(pending: 1, completed: 3, accepted: 3), .labelling, 1),
            (CalibrationTally(completed: 3, accepted: 1), .auditing, 1),
            (CalibrationTally(completed: 4, accepted: 2, commented: 1, rejected: 1), .done, 0.75),
            (CalibrationTally(completed: 4, accepted: 1, fixed: 3), .done, 0.25),
        ] as [(CalibrationTally, CalibrationTally.State, Double?)])
    func `a calibration is done when every labelled task has a verdict`(
        _ tally: CalibrationTally, _ state: CalibrationTally.State, _ score: Double?
    ) {
        #expect(tally.state == state)
        #expect(tally.score == score)
    }

    private static let good = CalibrationTally(completed: 10, accepted: 9, rejected: 1)
    private static let bad = CalibrationTally(completed: 10, accepted: 5, fixed: 5)
    private static let open = CalibrationTally(pending: 2, completed: 8, accepted: 8)

    @Test(
        arguments: [
            ([], .none, nil), ([open], .running, nil), ([bad], .belowGoal, 0.5), ([bad, open], .running, 0.5),
            ([bad, good, open], .calibrated, 0.9),
        ] as [([CalibrationTally], Calibration.State, Double?)])
    func `a project is calibrated by its best batch that is done`(
        _ tallies: [CalibrationTally], _ state: Calibration.State, _ score: Double?
    ) {
        let batches = tallies.enumerated().map { (name: "b\($0.offset)", tally: $0.element) }
        let calibration = Calibration(batches: batches, goal: 0.8)
        #expect(calibration.state == state)
        #expect(calibration.score == score)
    }
}
