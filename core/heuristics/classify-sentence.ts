/**
 * What a sentence of a tutor does. `question` asks with a question mark (or in the form of one); `invitation` is an
 * imperative that invites thinking ("Walk me through it"); `attention` points the student somewhere ("Look at line 4");
 * `directive` tells what to do; `praise` and `reflection` (of the student's words) assert nothing; `statement` does.
 */
export type SentenceKind =
  'question' | 'invitation' | 'attention' | 'directive' | 'praise' | 'reflection' | 'courtesy' | 'statement';

const LEAD_IN =
  /^(?:(?:so|okay|ok|well|now|and|but|then|hm+|mm+|ah|oh|alright|all right|right|yes|yeah|yep|no|great|good|nice|interesting|perfect|excellent|thanks|thank you|sure|fine|let's see|actually|next|also|instead|perhaps|maybe|please|just|hi|hello|hey|in that case|for example|that said|before (?:we|you) [^,]{1,60}|if you (?:can|could|like|want|will|would|don't mind)|if (?:so|not)|for (?:now|a moment|me)|again|still|first of all|first|firstly|exactly|correct|got it|i see|fair enough|absolutely|certainly|of course)(?![\p{L}'’])[\s,;:!.–—-]*)+/iu;

const UNMARKED_QUESTION =
  /^(?:[\p{L}]+, )?(?:(?:what|why|how|where|when|which|who|whose)(?:'s|'re|’s|’re)?\s+(?:(?:else|exactly|other|kind of|sort of|many|much|[\p{L}]+)\s+){0,2}?(?:is|are|was|were|do|does|did|would|could|can|might|should|will|has|have|had)\s+(?:you|we|it|they|he|she|that|this|the|your|there|these|those|a|an|i)\b|(?:can|could|would|will|do|does|did|are|have|has|is)\s+(?:you|we|it|that|this|there|they|he|she)\b|what\s+(?:happens|makes|about|if)\b|why\s+not\b|how\s+(?:come|about|so)\b)/iu;

/** A question typed without its mark after an opening clause: "If there are 72, how many boxes do they need". */
const UNMARKED_LATER =
  /(?:[,;:–—-]\s*(?:so |and |but |then )?|\b(?:so|and|but|then) )(?:how (?:many|much|long|far|old|do|does|did|would|could|can)|what (?:is|are|was|would|does|do|did|will)|why (?:is|are|do|did|does|would)|(?:can|could|would) you|(?:do|does|did) (?:you|it|that))(?![\p{L}])|^if .{3,120}\b(?:how (?:many|much|long|far)|what (?:is|are|would|does|will))(?![\p{L}])|\b(?:how (?:many|much)|what) (?:\S+ ){0,8}\S+$|\bis(?: equal to)? what$|[=]\s*$/iu;
const INVITATION =
  /^(?:could you |can you |would you |will you |try to |you can )?(?:tell me|explain|describe|walk (?:me|us)|talk (?:me|us)|take (?:me|us) through|share|elaborate|say (?:a (?:bit|little) )?more|say (?:what|why|how)|show (?:me|us) (?:how|what|why|where|your)|show your|help (?:me|us) (?:understand|see|follow)|imagine|suppose|picture|pretend|think (?:about|of|through|back|aloud|out loud|again|for)|consider (?:what|how|why|whether|if|where|when|which|who|for a moment)|consider (?:the|a|an|this|that|your) (?:case|example|situation|moment|scenario|question|possibility)|reflect|ponder|let me (?:know|hear|see) (?:what|how|why|where|when|which|if|whether|your|more)|give (?:me|us) (?:an|one|another|a)|compare|contrast|predict|guess|justify|unpack|convince (?:me|us)|defend (?:your|that|this)|argue (?:for|against)|interpret|paraphrase|restate|summari[sz]e|see if you can|spell out|in your own words|put (?:that|this|it) in(?:to)? your|go on|keep going|take a (?:guess|moment|minute)|make a (?:guess|prediction)|(?:i'm|i am|i’m) (?:curious|wondering|interested|keen)|i wonder|(?:i'd|i would|i’d) (?:love|like|be curious|be interested) (?:to|if|for)|i want to (?:hear|know|understand)|let(?:'|’)?s (?:think|explore|consider|examine|imagine|suppose|pretend|unpack|discuss|stay|dig|pause|slow|step back|reflect|hear|compare|assume|say)|what about|how about your)(?![\p{L}'’])/iu;

const ATTENTION =
  /^(?:could you |can you |would you |try to )?(?:(?:consider|assume|take) (?:the|an?|this|that|your|how|what|n|x|_)(?![\p{L}])(?! (?:break|walk|course|class|day|meeting|look|step))|look (?:at|back|again|closely|carefully|over|for|up)|take (?:a|another) (?:closer |second |careful |quick )?look|have (?:a|another) (?:closer |second )?look|re-?read|reread|read (?:the|your|that|this|it|over|through|back|again|what)|review|recall(?! that)|check(?! (?:is|was|out))|double[- ]check|revisit|re-?check|re-?examine|go (?:back|through|over|step by step)|walk through|run through|print|look|focus on|trace|observe|watch|listen|notice (?:what|how|where|anything|the|your)|remember (?:what|how|when|the question|your)|try (?:and )?(?:running|run|think|explain|describe|remember|recall|imagine|picture|printing|tracing|testing|explaining|describing|drawing|sketching|again|one more|once more|it again|saying|reading|working through|to (?:think|explain|describe|remember|recall|say|find|see|imagine|picture|work))|run (?:your|the|this|it|that)|test (?:your|the|this|it|that)|step through|let(?:'|’)?s (?!add|subtract|multiply|divide|calculate|compute|solve|simplify)[\p{L}]+)(?![\p{L}'’])/iu;

const IMPERATIVES =
  "add|subtract|multiply|divide|calculate|compute|solve|simplify|factor|convert|round|cancel|isolate|substitute|plug|distribute|combine|expand|square|use|apply|write|put|place|insert|replace|change|move|swap|remove|delete|rename|declare|initiali[sz]e|return|call|import|install|wrap|assign|increment|decrement|set|create|make|build|draw|start|begin|stop|avoid|keep|try|do|don't|don’t|never|always|ensure|be|take|get|go|give|follow|finish|complete|fill|choose|pick|select|focus|practice|practise|repeat|memori[sz]e|learn|study|schedule|delegate|prioriti[sz]e|plan|prepare|organi[sz]e|list|block|turn|break|split|group|meet|talk to|speak|ask (?:your|them|him|her|the|for)|tell (?:your|them|him|her)|email|call|send|hire|fire|invest|save|spend|open|close|click|press|install|enter|type|copy|paste|correct|fix|adjust|update|count|measure|connect|compare|translate|conjugate|say|pronounce|spell|work (?:on|out|through|from)|figure out|find|determine|identify|note|remember|notice|recall|consider|include|leave|let(?:'|’)?s (?:add|subtract|multiply|divide|calculate|compute|use|write|put|solve|do|call|set|make|convert|replace|change|move)";
const DIRECTIVE = new RegExp(
  `^(?:${IMPERATIVES})(?![\\p{L}'’])(?!\\s+(?:is|are|was|were|will|can|could|may|might|would|has|had|means?)\\b)`,
  'iu',
);
const DECLARED_REMINDER =
  /^(?:remember|note|notice|recall|keep in mind|bear in mind|be aware|know)(?:,|:|\s+(?:that|the|to|you|it|in|when|if|we|this|there|how))/iu;
const STEPWISE =
  /^(?:first(?:ly)?|second(?:ly)?|third(?:ly)?|next|then|finally|lastly|after that|step \d+)[\s,:.)]+(?:you (?:should|need|must|can|will|have)|we (?:should|need|must|have)|(?:add|subtract|multiply|divide|find|calculate|write|use|take|put|make|set|identify|determine|list|start|solve|convert|move|change|replace|open|create|tell|ask|schedule|do)\b)/iu;

const PRAISE_WORD =
  /\b(?:great|good|nice|nicely|excellent|awesome|fantastic|wonderful|perfect|perfectly|well done|exactly|correct|correctly|right|brilliant|superb?|impressive|proud|keep it up|amazing|bravo|spot on|terrific|outstanding|love (?:it|that|this|how)|way to go|yes|yep|yeah|true|agreed?|absolutely|indeed|close|almost|not quite|thoughtful|insightful|honest|welcome|thank(?:s| you)|congratulations|you(?:'|’)?(?:re| are) (?:doing|on the right|getting|making)|you got (?:it|this)|no (?:problem|worries)|don(?:'|’)?t worry|great (?:job|work|question))\b/iu;
const REFLECTION =
  /^(?:(?:so )?you(?:'|’)?(?:re| are| were|ve| have)? ?(?:said|say|saying|mention|mentioned|mentioning|describe|described|describing|noted|note|feel|feeling|felt|think|believe|seem|wrote|told|want|wanted|wondering|worried|named|spoke|talked|raised|suggest|suggested|pointed|noticed|chose|found|started|used|got|called|gave|compared|assume|assumed)(?![\p{L}])|you(?:'|’| ha| a)?(?:ve|re)? (?:right|correct|quite right|correctly [\p{L}]+)(?![\p{L}])|(?:it|that|this) (?:sounds|seems|looks|feels) (?:like|as if|as though|to me)|(?:it|that) sounds|(?:what )?i(?:'|’)?(?:m| am)? ?(?:hear|hearing|notice|noticed|noticing|appreciate|see|understand|gather|sense)(?![\p{L}])|if i (?:understand|hear|follow|read)|earlier,? (?:you|we)|(?:that|this|it)(?:'|’| i)s (?:an?|one|quite|very|really|such|a very|a really|quite an?)? ?(?:interesting|thoughtful|honest|great|good|helpful|important|understandable|fair|common|clear|striking|powerful|useful|careful|brave|strong|rich|vivid|big|bold|lovely|nice)(?![\p{L}])|interesting (?:that|how)|in other words,? you|sounds like|from what you)/iu;
const COURTESY =
  /^(?:hi|hello|hey|thanks|thank you|welcome|good (?:morning|afternoon|evening)|take your time|no rush|i(?:'|’)?m (?:here|listening|glad|happy|sorry)|sorry|i(?:'|’)?ll (?:wait|listen)|let me know|go ahead|there(?:'|’| i)s no (?:right|wrong|rush|hurry)|feel free)(?![\p{L}])/iu;

export interface ReadSentence {
  kind: SentenceKind;
  /** The sentence without opening fillers, list marks and emphasis. */
  core: string;
}

/**
 * Reads what one sentence does. `own` is the sentence with quoted words blanked (`_`), so that a quoted question or order
 * is not taken for the tutor's.
 */
export function classifySentence(own: string, wordCount: number): ReadSentence {
  const plain = own.replace(/^[\s>*_#•\-–—\d.)('"“‘]+(?=[\p{L}_])/u, '');
  const core = plain.replace(LEAD_IN, '');
  if (own.includes('?') || own.includes('？')) return { kind: 'question', core };
  if (core === '') return { kind: 'praise', core };
  if (INVITATION.test(core)) return { kind: 'invitation', core };
  if (isUnmarkedQuestion(own, core)) return { kind: 'question', core };
  if (STEPWISE.test(plain)) return { kind: 'directive', core };
  if (DECLARED_REMINDER.test(core)) return { kind: 'statement', core };
  if (ATTENTION.test(core)) return { kind: 'attention', core };
  if (COURTESY.test(plain) || COURTESY.test(core)) return { kind: 'courtesy', core };
  if (REFLECTION.test(core)) return { kind: 'reflection', core };
  if (wordCount <= 8 && PRAISE_WORD.test(plain)) return { kind: 'praise', core };
  if (DIRECTIVE.test(core)) return { kind: 'directive', core };
  return { kind: 'statement', core };
}

/** Does a sentence without a question mark ask? Only where it is not closed as a statement with a wh-clause inside. */
function isUnmarkedQuestion(own: string, core: string): boolean {
  if (UNMARKED_QUESTION.test(core)) return true;
  return /[\p{L}\d=)]\s*$/u.test(own) && UNMARKED_LATER.test(core);
}
