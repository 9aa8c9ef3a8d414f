import ArgumentParser

/// The flags of a command that changes something.
struct ChangeOptions: ParsableArguments {
    @Flag(help: "Show what the command would do, and stop.")
    var dryRun = false

    @Flag(help: "Do not ask. Without a terminal the command refuses to run unless this is given (exit code 64).")
    var yes = false
}
