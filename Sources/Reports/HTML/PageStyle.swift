/// The style sheet of every page.
enum PageStyle {
    static let text: StaticString = """

        :root {
          color-scheme: light dark;
          --back: #f4f5f7; --card: #ffffff; --line: #dcdfe4; --text: #1b1f24; --soft: #57606a; --link: #0a58ca;
          --ok: #1a7f37; --warning: #8a5a00; --failed: #c2182b; --missing: #a1268f; --overdue: #b3480c;
          --unknown: #57606a; --requested: #c9d7ee; --used: #2f6fd0; --excess: #c2182b; --stripe: #f8f9fb;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --back: #0e1116; --card: #171b22; --line: #2d333d; --text: #e4e8ee; --soft: #9aa4b2; --link: #79b0ff;
            --ok: #4cc26a; --warning: #e0a93b; --failed: #ff7b84; --missing: #e68ad6; --overdue: #ff9a5c;
            --unknown: #9aa4b2; --requested: #2f4468; --used: #6ea8ff; --excess: #ff7b84; --stripe: #1b2029;
          }
        }
        * { box-sizing: border-box; }
        [hidden] { display: none !important; }
        html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
        @media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
        body {
          margin: 0 auto; padding: 0 clamp(12px, 2.5vw, 32px) 48px; max-width: 1680px; background: var(--back);
          color: var(--text); font: 15px/1.45 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif;
          overflow-wrap: break-word;
        }
        h1 { margin: 0; font-size: 22px; letter-spacing: -0.01em; }
        h2 { margin: 32px 0 12px; font-size: 19px; }
        h3 { margin: 20px 0 8px; font-size: 15px; }
        p { margin: 0 0 8px; }
        a { color: var(--link); }
        code, pre { font: 13px/1.4 ui-monospace, "DejaVu Sans Mono", monospace; }
        small { color: var(--soft); font-size: 12px; }
        .note { color: var(--soft); font-size: 13px; }
        .none { color: var(--soft); font-style: italic; }
        .card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 16px 18px; }
        .card > h2, .card > h3 { margin-top: 0; }
        .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
        :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
        .top { display: flex; flex-wrap: wrap; gap: 8px 28px; align-items: center; padding: 20px 0 16px; }
        .top p { margin: 2px 0 0; }
        nav { display: flex; gap: 4px; margin-right: auto; }
        nav a { padding: 6px 12px; border-radius: 8px; text-decoration: none; font-weight: 600; }
        nav a:hover { background: var(--card); }
        .viewer { display: flex; flex-wrap: wrap; gap: 6px 12px; align-items: center; font-size: 13px; }
        button, input, select {
          font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 8px;
          padding: 6px 10px; min-height: 34px; max-width: 100%;
        }
        button { cursor: pointer; }
        button:hover { border-color: var(--soft); }
        footer { margin-top: 32px; color: var(--soft); font-size: 13px; }
        section[id] { scroll-margin-top: 12px; }

        .blind { border: 2px solid var(--warning); margin-bottom: 16px; }
        .blind h2 { color: var(--warning); margin-bottom: 6px; }
        .blind h2::before { content: "\\26A0\\00A0"; }
        .blind ul { margin: 0; padding-left: 20px; }

        .state { padding: 12px 18px; border-radius: 10px; background: var(--card); border: 1px solid var(--line);
          border-left: 6px solid var(--soft); font-size: 17px; font-weight: 600; }
        .state.ok { border-left-color: var(--ok); } .state.warning { border-left-color: var(--warning); }
        .state.failed { border-left-color: var(--failed); } .state.unknown { border-left-color: var(--warning); }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(112px, 1fr)); gap: 10px; margin: 12px 0;
          padding: 0; list-style: none; }
        .tile { display: flex; flex-direction: column; padding: 12px 16px; border-radius: 10px; background: var(--card);
          border: 1px solid var(--line); border-top: 4px solid var(--tone); text-decoration: none; color: var(--text); }
        .tile:hover { border-color: var(--tone); }
        .tile b { font-size: 28px; line-height: 1.15; font-variant-numeric: tabular-nums; color: var(--tone); }
        .tile.zero { --tone: var(--line); } .tile.zero b { color: var(--soft); font-weight: 400; }
        .facts { display: flex; flex-wrap: wrap; gap: 10px 36px; margin: 0 0 16px; padding: 14px 18px; border-radius: 10px;
          background: var(--card); border: 1px solid var(--line); }
        .facts > div { min-width: 0; max-width: 100%; }
        .facts dt { color: var(--soft); font-size: 13px; } .facts dd { margin: 0; font-weight: 600; }
        .facts ol { margin: 0; padding: 0; list-style: none; font-weight: 400; font-size: 13px; }

        .ok { --tone: var(--ok); } .warning { --tone: var(--warning); } .failed { --tone: var(--failed); }
        .missing { --tone: var(--missing); } .overdue { --tone: var(--overdue); } .unknown { --tone: var(--unknown); }
        .held { --tone: var(--link); } .succeeded { --tone: var(--ok); } .requested { --tone: var(--requested); }
        .used, .archived { --tone: var(--used); } .excess { --tone: var(--excess); } .purged { --tone: var(--overdue); }

        .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 380px), 1fr)); gap: 14px; }
        .chart { display: flex; flex-direction: column; min-width: 0; }
        .chart > details { margin-top: 10px; font-size: 13px; } .chart .scroll { max-height: 260px; }
        .legend { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 0 0 10px; padding: 0; list-style: none;
          font-size: 13px; }
        .legend li::before { content: ""; display: inline-block; width: 11px; height: 11px; margin-right: 6px;
          border-radius: 3px; background: var(--tone); }
        svg { display: block; width: 100%; } rect { fill: var(--tone); }
        .plot { position: relative; flex: 1; min-height: 170px; border-bottom: 1px solid var(--line); }
        .plot svg { position: absolute; inset: 16px 0 0; height: calc(100% - 16px); }
        .plot g:hover { opacity: 0.75; } .plot .line { --tone: var(--soft); }
        .peak { position: absolute; top: 0; left: 0; right: 0; color: var(--soft); font-size: 12px; line-height: 15px;
          border-bottom: 1px dashed var(--line); }
        .axis { display: flex; justify-content: space-between; color: var(--soft); font-size: 12px; padding-top: 4px; }
        .bars { display: grid; gap: 9px; margin: 0; padding: 0; list-style: none; font-size: 13px; }
        .bars.card { padding: 16px 18px; }
        .bars li { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 3px 12px; }
        .bars li > :first-child { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
        .bars svg { grid-column: 1 / -1; height: 12px; border-radius: 4px; overflow: hidden; }
        .bars .track { --tone: transparent; }

        .table { background: var(--card); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
        .tools { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; padding: 10px 12px;
          border-bottom: 1px solid var(--line); }
        .tools input { flex: 1 1 200px; min-width: 0; } .tools select { flex: 0 1 auto; max-width: 200px; }
        .tools output { margin-left: auto; color: var(--soft); font-size: 13px; }
        .more { display: block; margin: 10px auto; }
        .scroll { overflow: auto; } .table > .scroll { max-height: 80vh; }
        table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: 13px; }
        th, td { padding: 7px 12px; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line);
          white-space: nowrap; unicode-bidi: isolate; }
        tbody tr:nth-child(even) > * { background: var(--stripe); }
        tbody tr:last-child > * { border-bottom: 0; }
        thead th { position: sticky; top: 0; z-index: 1; background: var(--card); color: var(--soft); font-weight: 600; }
        thead button { padding: 0; min-height: 0; border: 0; border-radius: 2px; background: none; font-weight: 600; }
        thead button:hover { color: var(--link); }
        thead button::after { content: "\\2195"; display: inline-block; width: 1.2em; text-align: center; opacity: 0.35; }
        [aria-sort=ascending] button::after { content: "\\2191"; opacity: 1; }
        [aria-sort=descending] button::after { content: "\\2193"; opacity: 1; }
        [data-kind=number], [data-kind=bytes], .n { text-align: right; font-variant-numeric: tabular-nums; }
        tbody th { font-weight: 600; } tbody th small { display: block; font-weight: 400; }
        tfoot > tr > * { position: sticky; bottom: 0; background: var(--card); border-top: 1px solid var(--line);
          border-bottom: 0; font-weight: 600; }
        td.over { color: var(--failed); font-weight: 600; } td.over::before { content: "\\25B2\\00A0"; }
        td.why { white-space: normal; min-width: 300px; } td.path { white-space: normal; min-width: 220px; }
        .why summary { cursor: pointer; } .why dl { display: grid; grid-template-columns: auto 1fr; gap: 2px 12px; }
        .why dl, .why ul { margin: 8px 0 4px; } .why dt { color: var(--soft); }
        .why dd { margin: 0; overflow-wrap: anywhere; } .why ul { padding: 0; list-style: none; }
        .why li { margin: 6px 0; overflow-wrap: anywhere; }
        .why pre { margin: 4px 0; padding: 8px 10px; max-height: 160px; overflow: auto; white-space: pre-wrap;
          background: var(--back); border-radius: 6px; }
        .badge { display: inline-block; padding: 1px 8px; border: 1px solid var(--tone); border-radius: 99px;
          color: var(--tone); font-size: 12px; font-weight: 600; }
        .badge::before { content: var(--glyph, "") / ""; }
        .badge.ok { --glyph: "\\2713\\00A0"; } .badge.failed { --glyph: "\\2715\\00A0"; }
        .badge.warning { --glyph: "!\\00A0"; } .badge.missing { --glyph: "\\2205\\00A0"; }
        .badge.overdue { --glyph: "\\25D4\\00A0"; } .badge.unknown { --glyph: "?\\00A0"; border-style: dashed; }
        @media (scripting: enabled) {
          .table:not(.ready) tbody tr:nth-child(n + 201) { display: none; }
        }
        .sign-in { max-width: 460px; margin: 12vh auto 0; } .sign-in form { display: grid; gap: 8px; margin: 16px 0; }
        .sign-in h1 { margin-bottom: 14px; } .sign-in .state { font-size: 15px; }
        .sign-in button { background: var(--link); border-color: var(--link); color: var(--card); font-weight: 600; }
        @media (max-width: 640px) {
          .tools output { margin-left: 0; flex-basis: 100%; } .tools select { flex: 1 1 40%; max-width: none; }
          .tiles { grid-template-columns: repeat(3, 1fr); } .tile { padding: 10px 12px; } .tile b { font-size: 23px; }
          td.why { min-width: 240px; } .facts { gap: 10px 22px; }
        }
        @media print {
          .tools, nav, .viewer, .more { display: none !important; }
          .scroll, .table > .scroll { max-height: none; overflow: visible; } body { background: none; }
        }

        """
}
