//! A picture as SVG text: attributes and classes only.

use std::fmt::Write;

use super::{Anchor, Picture, Shape, Tone};

impl Picture {
    /// An `<svg>` element to put into a page. `id` must be unique on the page; it ties title and description to the
    /// image.
    pub fn svg(&self, id: &str) -> String {
        let (id, title, description) = (escape(id), escape(&self.title), escape(&self.description));
        let mut out = format!(
            r#"<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" aria-labelledby="{id}-t" aria-describedby="{id}-d"><title id="{id}-t">{title}</title><desc id="{id}-d">{description}</desc>"#,
            number(self.width),
            number(self.height),
        );
        for shape in &self.shapes {
            // Writing to a String cannot fail.
            let _ = put(&mut out, shape);
        }
        out.push_str("</svg>");
        out
    }
}

fn put(out: &mut String, shape: &Shape) -> std::fmt::Result {
    match shape {
        Shape::Rect { at, width, height, tone, hint } => {
            let (x, y, w, h) = (number(at.0), number(at.1), number(*width), number(*height));
            write!(out, r#"<rect class="{}" x="{x}" y="{y}" width="{w}" height="{h}""#, ground(*tone))?;
            if hint.is_empty() {
                out.push_str("/>");
            } else {
                write!(out, "><title>{}</title></rect>", escape(hint))?;
            }
            Ok(())
        }
        Shape::Line { points, tone } => {
            write!(out, r#"<polyline class="{}" points="{}"/>"#, line(*tone), joined(points))
        }
        Shape::Area { points, tone } => {
            write!(out, r#"<polygon class="{}" points="{}"/>"#, ground(*tone), joined(points))
        }
        Shape::Text { at, size, anchor, text, tone } => {
            let (x, y, size) = (number(at.0), number(at.1), number(*size));
            write!(out, r#"<text class="{}" x="{x}" y="{y}" font-size="{size}""#, words(*tone))?;
            match anchor {
                Anchor::Start => {}
                Anchor::Middle => out.push_str(r#" text-anchor="middle""#),
                Anchor::End => out.push_str(r#" text-anchor="end""#),
            }
            write!(out, ">{}</text>", escape(text))
        }
    }
}

/// Classes of `assets/css/60-chart.css`.
fn ground(tone: Tone) -> &'static str {
    match tone {
        Tone::Prior => "chart-bar-prior",
        Tone::Empty => "chart-tile-0",
        Tone::Step(0) => "chart-tile-1",
        Tone::Step(1) => "chart-tile-2",
        Tone::Step(2) => "chart-tile-3",
        Tone::Step(3) => "chart-tile-4",
        Tone::Step(_) => "chart-tile-5",
        _ => "chart-bar",
    }
}

fn line(tone: Tone) -> &'static str {
    match tone {
        Tone::Grid => "chart-grid",
        Tone::Axis => "chart-axis",
        Tone::Prior => "chart-line-prior",
        _ => "chart-line",
    }
}

fn words(tone: Tone) -> &'static str {
    match tone {
        Tone::Strong => "chart-value",
        Tone::OnTile => "chart-tile-label",
        Tone::OnDark => "chart-tile-label-on",
        _ => "chart-label",
    }
}

fn joined(points: &[(f32, f32)]) -> String {
    points.iter().map(|(x, y)| format!("{},{}", number(*x), number(*y))).collect::<Vec<_>>().join(" ")
}

/// At most one decimal: a page of charts stays small.
fn number(value: f32) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), Into::into)
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !c.is_control()) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}
