/// As many hooks are running as may at a time: to be tried again soon.
struct HooksBusy: Error, CustomStringConvertible {
    var description: String { "other volumes' hooks are running" }
}
