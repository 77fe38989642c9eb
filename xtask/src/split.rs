//! Cuts the wasm in two: what every page needs, and what is loaded when it is first needed.
//!
//! Both halves are one program: they share memory, table and globals, and each function is in one of them. The later half
//! takes what it shares from the first one's exports. The first half reaches the later one by its [gates](Cut::gates) alone:
//! calls through the table, into places that the later half fills when it starts. Whoever passes a gate before that ends in a
//! trap, so the widget's code asks first whether the later half is there (`src/ui/later.rs`).
//!
//! A function goes with the later half if no call leads to it but through a gate. Of those that are called through the
//! table it is not known who calls them: they go with it if their names say that they [belong to it](Cut::later).

use anyhow::{Context, Result, bail, ensure};
use std::collections::{BTreeSet, HashMap};
use walrus::ir::{Value, Visitor, dfs_in_order};
use walrus::{
    ConstExpr, ElementItems, ElementKind, ExportItem, FunctionBuilder, FunctionId, FunctionKind, GlobalKind,
    ImportedFunction, Module, ModuleConfig, TableId,
};

/// What the imports of the later half are from; as short as `shorten` makes the names.
const FIRST: &str = "a";

/// Where the cut goes: names of Rust paths, as wasm-bindgen leaves them in the name section.
pub(crate) struct Cut {
    /// The functions by which the first half calls the later one.
    pub(crate) gates: &'static [&'static str],
    /// What has one of these paths in its name belongs to the later half.
    pub(crate) later: &'static [&'static str],
}

/// The two modules.
pub(crate) struct Halves {
    pub(crate) first: Vec<u8>,
    pub(crate) later: Vec<u8>,
}

/// Which function goes where, by their places in the module.
struct Plan {
    later: BTreeSet<usize>,
    /// The gates and their places in the table.
    gates: Vec<(usize, u32)>,
    /// What the table holds of the later half.
    filled: Vec<(u32, usize)>,
    /// What the later half calls in the first.
    shared: BTreeSet<usize>,
}

/// A module, with a number for each function that is the same in every copy.
struct Copy {
    module: Module,
    functions: Vec<FunctionId>,
    places: HashMap<FunctionId, usize>,
    table: TableId,
}

/// Cuts a module that wasm-bindgen has written, names and all.
///
/// # Errors
/// When it is not such a module, or has no gates.
pub(crate) fn split(wasm: &[u8], cut: &Cut) -> Result<Halves> {
    let mut first = Copy::parse(wasm)?;
    let mut later = Copy::parse(wasm)?;
    let plan = first.plan(cut)?;
    let names = first.leave_first(&plan)?;
    later.leave_later(&plan, &names)?;
    Ok(Halves { first: first.module.emit_wasm(), later: later.module.emit_wasm() })
}

/// Renames what the later half takes from the first, as `renamed` says of the first one's exports.
///
/// # Errors
/// When the first half has no longer what the later one needs.
pub(crate) fn rename(later: &[u8], renamed: &[(String, String)]) -> Result<Vec<u8>> {
    let names: HashMap<_, _> = renamed.iter().map(|(old, new)| (old.as_str(), new.as_str())).collect();
    let mut module = config().parse(later)?;
    for import in module.imports.iter_mut() {
        let new = names.get(import.name.as_str());
        import.name = (*new.with_context(|| format!("the first half has no {:?}", import.name))?).to_owned();
    }
    Ok(module.emit_wasm())
}

fn config() -> ModuleConfig {
    let mut config = ModuleConfig::new();
    config.generate_name_section(false).generate_producers_section(false);
    config
}

/// Whether a name has in it what begins with `path`: `reader::` is no `der::`.
fn has_path(name: &str, path: &str) -> bool {
    name.match_indices(path).any(|(at, _)| {
        let before = name.get(..at).and_then(|before| before.chars().next_back());
        !before.is_some_and(|before| before.is_alphanumeric() || before == '_' || before == ':')
    })
}

/// The functions that a function names.
#[derive(Default)]
struct Named(Vec<FunctionId>);

impl<'i> Visitor<'i> for Named {
    fn visit_function_id(&mut self, function: &FunctionId) {
        self.0.push(*function);
    }
}

impl Copy {
    fn parse(wasm: &[u8]) -> Result<Self> {
        let module = config().parse(wasm)?;
        let functions: Vec<_> = module.funcs.iter().map(walrus::Function::id).collect();
        let places = functions.iter().enumerate().map(|(place, id)| (*id, place)).collect();
        let table = module.tables.main_function_table()?.context("the wasm has no table of functions")?;
        Ok(Self { module, functions, places, table })
    }

    fn id(&self, place: usize) -> Result<FunctionId> {
        self.functions.get(place).copied().context("a function of another module")
    }

    /// The function's path, without the hashes of crates: `certquote[1f]::a` is `certquote::a`.
    fn name(&self, function: FunctionId) -> String {
        let name = self.module.funcs.get(function).name.as_deref().unwrap_or_default();
        let mut parts = name.split('[');
        let mut plain = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let hash =
                part.split_once(']').filter(|(hash, _)| hash.chars().all(|digit| digit.is_ascii_hexdigit()));
            match hash {
                Some((_, rest)) => plain.push_str(rest),
                None => plain.extend(["[", part]),
            }
        }
        plain
    }

    /// What the function names, by places.
    fn calls(&self, function: FunctionId) -> Vec<usize> {
        let FunctionKind::Local(local) = &self.module.funcs.get(function).kind else { return Vec::new() };
        let mut named = Named::default();
        dfs_in_order(&mut named, local, local.entry_block());
        named.0.iter().filter_map(|id| self.places.get(id)).copied().collect()
    }

    /// The table's places and what they hold.
    fn slots(&self) -> Result<Vec<(u32, usize)>> {
        let mut slots = Vec::new();
        for element in self.module.elements.iter() {
            let ElementKind::Active { table, offset } = &element.kind else { continue };
            if *table != self.table {
                continue;
            }
            let (ConstExpr::Value(Value::I32(offset)), ElementItems::Functions(functions)) =
                (offset, &element.items)
            else {
                bail!("the table is not filled with functions at known places");
            };
            for (slot, id) in (u32::try_from(*offset)?..).zip(functions) {
                slots.push((slot, self.places.get(id).copied().context("an unknown function in the table")?));
            }
        }
        Ok(slots)
    }

    fn plan(&self, cut: &Cut) -> Result<Plan> {
        let is_gate = |id: FunctionId| cut.gates.contains(&&*self.name(id));
        let slots = self.slots()?;
        let mut pending: Vec<usize> = Vec::new();
        pending.extend(self.module.exports.iter().filter_map(|export| match export.item {
            ExportItem::Function(id) => self.places.get(&id).copied(),
            _ => None,
        }));
        pending.extend(self.module.start.and_then(|id| self.places.get(&id).copied()));
        for (_, place) in &slots {
            let name = self.name(self.id(*place)?);
            if !cut.later.iter().any(|module| has_path(&name, module)) {
                pending.push(*place);
            }
        }
        let mut at_once = BTreeSet::new();
        let mut gates = BTreeSet::new();
        while let Some(place) = pending.pop() {
            let id = self.id(place)?;
            if is_gate(id) {
                gates.insert(place);
            } else if at_once.insert(place) {
                pending.extend(self.calls(id));
            }
        }
        for name in cut.gates {
            let is_there = gates.iter().any(|place| self.id(*place).is_ok_and(|id| self.name(id) == *name));
            ensure!(
                is_there,
                "nothing calls the gate {name}: was it renamed, inlined, or the names stripped?"
            );
        }
        let mut later = BTreeSet::new();
        let mut shared = BTreeSet::new();
        let filled: Vec<_> = slots.into_iter().filter(|(_, place)| !at_once.contains(place)).collect();
        let mut pending: Vec<usize> =
            gates.iter().copied().chain(filled.iter().map(|(_, place)| *place)).collect();
        while let Some(place) = pending.pop() {
            let id = self.id(place)?;
            let imported = matches!(self.module.funcs.get(id).kind, FunctionKind::Import(_));
            if imported || at_once.contains(&place) {
                shared.insert(place);
            } else if later.insert(place) {
                pending.extend(self.calls(id));
            }
        }
        let table = self.module.tables.get(self.table);
        let free = u32::try_from(table.initial)?;
        Ok(Plan { later, gates: gates.into_iter().zip(free..).collect(), filled, shared })
    }

    /// Leaves the first half; gives back the names by which the later half gets what it shares.
    fn leave_first(&mut self, plan: &Plan) -> Result<Shared> {
        let hole = {
            let mut builder = FunctionBuilder::new(&mut self.module.types, &[], &[]);
            builder.func_body().unreachable();
            builder.finish(Vec::new(), &mut self.module.funcs)
        };
        for element in self.module.elements.iter_mut() {
            if let ElementItems::Functions(functions) = &mut element.items {
                for id in functions {
                    if self.places.get(id).is_some_and(|place| plan.later.contains(place)) {
                        *id = hole;
                    }
                }
            }
        }
        for (place, slot) in &plan.gates {
            self.open_gate(self.id(*place)?, *slot)?;
        }
        let table = self.module.tables.get_mut(self.table);
        let more = u64::try_from(plan.gates.len())?;
        table.initial += more;
        table.maximum = table.maximum.map(|maximum| maximum + more);

        let mut shared = Shared::default();
        for place in &plan.shared {
            let name = self.export(ExportItem::Function(self.id(*place)?));
            shared.functions.push((*place, name));
        }
        // That of functions, and that of what belongs to the page.
        let tables: Vec<_> = self.module.tables.iter().map(walrus::Table::id).collect();
        shared.tables = tables.into_iter().map(|id| self.export(ExportItem::Table(id))).collect();
        let memories: Vec<_> = self.module.memories.iter().map(walrus::Memory::id).collect();
        shared.memories = memories.into_iter().map(|id| self.export(ExportItem::Memory(id))).collect();
        let globals: Vec<_> = self.module.globals.iter().map(walrus::Global::id).collect();
        shared.globals = globals.into_iter().map(|id| self.export(ExportItem::Global(id))).collect();
        walrus::passes::gc::run(&mut self.module);
        Ok(shared)
    }

    /// Makes a gate of a function: a call through the table.
    fn open_gate(&mut self, id: FunctionId, slot: u32) -> Result<()> {
        let module = &mut self.module;
        let ty = module.funcs.get(id).ty();
        let (params, results) = module.types.params_results(ty);
        let (params, results) = (params.to_vec(), results.to_vec());
        let arguments: Vec<_> = params.iter().map(|param| module.locals.add(*param)).collect();
        let mut builder = FunctionBuilder::new(&mut module.types, &params, &results);
        let mut body = builder.func_body();
        for argument in &arguments {
            body.local_get(*argument);
        }
        body.i32_const(i32::try_from(slot)?).call_indirect(ty, self.table);
        module.funcs.get_mut(id).kind = FunctionKind::Local(builder.local_func(arguments));
        Ok(())
    }

    /// The name by which the module gives something out, an old one or a new one.
    fn export(&mut self, item: ExportItem) -> String {
        let same = |known: &ExportItem| match (known, &item) {
            (ExportItem::Function(known), ExportItem::Function(id)) => known == id,
            (ExportItem::Table(known), ExportItem::Table(id)) => known == id,
            (ExportItem::Memory(known), ExportItem::Memory(id)) => known == id,
            (ExportItem::Global(known), ExportItem::Global(id)) => known == id,
            _ => false,
        };
        if let Some(known) = self.module.exports.iter().find(|export| same(&export.item)) {
            return known.name.clone();
        }
        let name = format!("shared {}", self.module.exports.iter().count());
        self.module.exports.add(&name, item);
        name
    }

    /// Leaves the later half.
    fn leave_later(&mut self, plan: &Plan, shared: &Shared) -> Result<()> {
        let exports: Vec<_> = self.module.exports.iter().map(walrus::Export::id).collect();
        exports.into_iter().for_each(|id| self.module.exports.delete(id));
        self.module.start = None;
        for (place, name) in &shared.functions {
            let id = self.id(*place)?;
            let function = self.module.funcs.get_mut(id);
            let ty = function.ty();
            if let FunctionKind::Import(known) = &function.kind {
                let import = self.module.imports.get_mut(known.import);
                (import.module, import.name) = (FIRST.to_owned(), name.clone());
            } else {
                let import = self.module.imports.add(FIRST, name, id);
                self.module.funcs.get_mut(id).kind = FunctionKind::Import(ImportedFunction { import, ty });
            }
        }
        let datas: Vec<_> = self.module.data.iter().map(walrus::Data::id).collect();
        datas.into_iter().for_each(|id| self.module.data.delete(id));
        for (memory, name) in self.module.memories.iter_mut().zip(&shared.memories) {
            memory.data_segments.clear();
            memory.import = Some(self.module.imports.add(FIRST, name, memory.id()));
        }
        let globals: Vec<_> = self.module.globals.iter().map(walrus::Global::id).collect();
        for (id, name) in globals.into_iter().zip(&shared.globals) {
            let import = self.module.imports.add(FIRST, name, id);
            self.module.globals.get_mut(id).kind = GlobalKind::Import(import);
        }
        let elements: Vec<_> = self.module.elements.iter().map(walrus::Element::id).collect();
        elements.into_iter().for_each(|id| self.module.elements.delete(id));
        let grown = u64::try_from(plan.gates.len())?;
        let table = self.module.tables.get_mut(self.table);
        table.initial += grown;
        table.maximum = table.maximum.map(|maximum| maximum + grown);
        for (table, name) in self.module.tables.iter_mut().zip(&shared.tables) {
            table.elem_segments.clear();
            table.import = Some(self.module.imports.add(FIRST, name, table.id()));
        }
        let mut filled: Vec<(u32, usize)> = plan.filled.clone();
        filled.extend(plan.gates.iter().map(|(place, slot)| (*slot, *place)));
        filled.sort_unstable();
        for run in filled.chunk_by(|(before, _), (slot, _)| slot - before == 1) {
            let offset = run.first().map_or(0, |(slot, _)| *slot);
            let kind = ElementKind::Active {
                table: self.table,
                offset: ConstExpr::Value(Value::I32(i32::try_from(offset)?)),
            };
            let functions = run.iter().map(|(_, place)| self.id(*place)).collect::<Result<Vec<_>>>()?;
            let element = self.module.elements.add(kind, ElementItems::Functions(functions));
            self.module.tables.get_mut(self.table).elem_segments.insert(element);
        }
        walrus::passes::gc::run(&mut self.module);
        Ok(())
    }
}

/// By what names the later half gets what it shares with the first.
#[derive(Default)]
struct Shared {
    functions: Vec<(usize, String)>,
    tables: Vec<String>,
    memories: Vec<String>,
    globals: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::{Cut, config, has_path, rename, split};
    use anyhow::Result;
    use walrus::{
        ConstExpr, ElementItems, ElementKind, FunctionBuilder, FunctionId, FunctionKind, Module, RefType,
        ValType, ir::Value,
    };

    const CUT: Cut = Cut { gates: &["app::gate"], later: &["app::later::"] };

    /// `main` calls `shared` and the gate; the gate calls `shared`, what is only its own, and an import. The table holds a
    /// function of either half.
    fn whole() -> Vec<u8> {
        let mut module = Module::with_config(Default::default());
        let memory = module.memories.add_local(false, false, 1, None, None);
        module.exports.add("memory", memory);
        let ty = module.types.add(&[], &[]);
        let (imported, _) = module.add_import_func("./w_bg.js", "alert", ty);
        let mut function = |name: &str, calls: &[FunctionId]| {
            let mut builder = FunctionBuilder::new(&mut module.types, &[], &[]);
            builder.name(name.to_owned());
            for call in calls {
                builder.func_body().call(*call);
            }
            builder.finish(Vec::new(), &mut module.funcs)
        };
        let shared = function("app[1f]::shared", &[]);
        let own = function("app[1f]::own", &[]);
        let gate = function("app[1f]::gate", &[shared, own, imported]);
        let main = function("app[1f]::main", &[shared, gate]);
        let (here, there) = (function("app[1f]::here", &[]), function("app[1f]::later::there", &[own]));
        module.exports.add("main", main);
        let table = module.tables.add_local(false, 3, Some(3), RefType::FUNCREF);
        let kind = ElementKind::Active { table, offset: ConstExpr::Value(Value::I32(1)) };
        let element = module.elements.add(kind, ElementItems::Functions(vec![here, there]));
        module.tables.get_mut(table).elem_segments.insert(element);
        // What belongs to the page, as wasm-bindgen keeps it; the later half looks there, too.
        let page = module.tables.add_local(false, 8, None, RefType::EXTERNREF);
        if let FunctionKind::Local(function) = &mut module.funcs.get_mut(there).kind {
            function.builder_mut().func_body().i32_const(1).table_get(page).drop();
        }
        module.emit_wasm()
    }

    fn names(module: &Module) -> Vec<String> {
        let mut names: Vec<_> = module.imports.iter().map(|import| import.name.clone()).collect();
        names.sort();
        names
    }

    #[test]
    fn each_function_is_in_one_half_and_the_later_takes_the_rest_from_the_first() -> Result<()> {
        let halves = split(&whole(), &CUT)?;
        let (first, later) = (config().parse(&halves.first)?, config().parse(&halves.later)?);
        // Shared, main, the gate's call, what the table holds, and what fills its hole.
        assert_eq!(first.funcs.iter_local().count(), 5);
        // The gate, what is its own, and the other one of the table.
        assert_eq!(later.funcs.iter_local().count(), 3);
        assert_eq!(names(&first), ["alert"]);
        let mut given: Vec<_> = first.exports.iter().map(|export| export.name.clone()).collect();
        given.sort();
        for name in names(&later) {
            assert!(given.contains(&name), "{name} of {given:?}");
        }
        assert_eq!(later.imports.iter().count(), 4, "shared, the import, and both tables");
        assert!(later.tables.iter().all(|table| table.import.is_some()));
        let table = first.tables.iter().next().map(|table| (table.initial, table.maximum));
        assert_eq!(table, Some((4, Some(4))), "one more for the gate");
        let mut filled: Vec<_> = later
            .elements
            .iter()
            .filter_map(|element| match (&element.kind, &element.items) {
                (
                    ElementKind::Active { offset: ConstExpr::Value(Value::I32(at)), .. },
                    ElementItems::Functions(functions),
                ) => Some((*at, functions.len())),
                _ => None,
            })
            .collect();
        filled.sort_unstable();
        assert_eq!(filled, [(2, 2)], "its own place in the table, and behind it the gate's");
        Ok(())
    }

    #[test]
    fn what_the_later_half_takes_is_renamed_like_what_the_first_gives() -> Result<()> {
        let halves = split(&whole(), &CUT)?;
        let first = config().parse(&halves.first)?;
        let renamed: Vec<_> = first
            .exports
            .iter()
            .enumerate()
            .map(|(at, export)| (export.name.clone(), format!("n{at}")))
            .collect();
        let later = config().parse(&rename(&halves.later, &renamed)?)?;
        assert!(later.imports.iter().all(|import| import.module == "a" && import.name.starts_with('n')));
        assert!(rename(&halves.later, &[]).is_err(), "a name that is gone");
        Ok(())
    }

    #[test]
    fn a_path_begins_where_a_name_does() {
        for name in ["der::a", "<der::A>::b", "drop::<alloc::Vec<der::A>>", "<&der::A as b::C>::d"] {
            assert!(has_path(name, "der::"), "{name}");
        }
        for name in ["core::reader::a", "<app::reader::A>::b", "app::der::a", "under::a"] {
            assert!(!has_path(name, "der::"), "{name}");
        }
    }

    #[test]
    fn a_gate_that_nobody_calls_is_an_error() {
        let cut = Cut { gates: &["app::gate", "app::gone"], later: &[] };
        let error = split(&whole(), &cut).err().map(|error| error.to_string());
        assert!(error.is_some_and(|error| error.contains("app::gone")));
    }

    #[test]
    fn functions_with_values_pass_a_gate_as_they_are() -> Result<()> {
        let mut module = Module::with_config(Default::default());
        let mut builder =
            FunctionBuilder::new(&mut module.types, &[ValType::I32, ValType::F64], &[ValType::I32]);
        builder.name("app::gate".to_owned());
        let (number, other) = (module.locals.add(ValType::I32), module.locals.add(ValType::F64));
        builder.func_body().local_get(number);
        let gate = builder.finish(vec![number, other], &mut module.funcs);
        let mut builder = FunctionBuilder::new(&mut module.types, &[], &[ValType::I32]);
        builder.func_body().i32_const(7).f64_const(0.5).call(gate);
        let main = builder.finish(Vec::new(), &mut module.funcs);
        module.exports.add("main", main);
        module.tables.add_local(false, 1, None, RefType::FUNCREF);
        let halves = split(&module.emit_wasm(), &CUT)?;
        // Validated as they are read.
        config().parse(&halves.first)?;
        config().parse(&halves.later)?;
        Ok(())
    }
}
